// mremap(): an area gets longer, shorter, or goes elsewhere with its pages.
#pragma once

void remap_init(void);
