// The site is made of the repository's own Markdown files, where they lie:
// nothing is copied, and what reads well on a forge reads the same here.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const read = (path) => readFileSync(join(root, path), 'utf8')

// What a page calls itself, without the marks of code.
const titleOf = (page) => /^# (.*)$/m.exec(read(page))[1].replaceAll('`', '')

// src/floors is the one list of floors: their numbers and names in words.
const floors = new Map(read('src/floors').split('\n')
  .map((line) => /^(\d+) +(\S+)/.exec(line)).filter(Boolean)
  .map(([, number, name]) => [Number(number), name.replaceAll('-', ' ')]))

// A floor with its page, and under it what one page each says of it besides.
function sidebar() {
  const chapters = readdirSync(join(root, 'chapters'))
    .filter((name) => /^\d\d-/.test(name)).sort()
  const others = readdirSync(join(root, 'chapters'))
    .filter((name) => name.endsWith('.md') && name !== 'README.md').sort()
  return [
    {
      text: 'The house',
      items: [
        { text: 'Barefoot', link: '/' },
        { text: 'The walkthrough', link: '/chapters/' },
        ...others.map((name) => ({
          text: titleOf(`chapters/${name}`),
          link: `/chapters/${name.replace('.md', '')}`,
        })),
      ],
    },
    ...groups.map(([text, first, last]) => ({
      text,
      items: chapters.filter((name) => {
        const number = parseInt(name, 10)
        return first <= number && number <= last
      }).map((name) => ({
        text: titleOf(`chapters/${name}/README.md`),
        link: `/chapters/${name}/`,
      })),
    })).filter((group) => group.items.length > 0),
  ]
}

// The floors in the order that they are climbed.
const groups = [
  ['Floors 1 to 4: the machine', 1, 4],
  ['Floors 5 to 8: processes', 5, 8],
  ['Floors 9 to 12: programs', 9, 12],
  ['Floors 13 to 16: disk, harts, boards', 13, 16],
]

// A folder's page is README.md on a forge, and index.html on a site.
function links(md) {
  md.core.ruler.push('folders', (state) => {
    for (const block of state.tokens) {
      for (const token of block.children ?? []) {
        const href = token.type === 'link_open' && token.attrGet('href')
        if (href && !/^[a-z]+:/.test(href)) {
          token.attrSet('href', href.replace(/(^|\/)README\.md(?=#|$)/,
            (_, before) => before || './'))
        }
      }
    }
  })
}

// What the highlighter calls them, or the nearest that it knows.
const languages = { S: 'riscv', ld: 'c' }

// Where code is quoted from stands behind the fence's language; it becomes the
// line above the code.  Text that is code for Markdown is not code for Vue.
function quotes(md) {
  const fence = md.renderer.rules.fence
  md.renderer.rules.fence = (tokens, at, ...rest) => {
    const [language, ...from] = tokens[at].info.trim().split(' ')
    tokens[at].info = languages[language] ?? language
    const code = fence(tokens, at, ...rest)
    return from.length === 0 ? code : '<figure class="quote"><figcaption v-pre>' +
      `${md.utils.escapeHtml(from.join(' '))}</figcaption>${code}</figure>`
  }
  const indented = md.renderer.rules.code_block
  md.renderer.rules.code_block = (...all) =>
    indented(...all).replace('<pre', '<pre v-pre class="indented"')
}

// The pages lie above node_modules, so what they are compiled to finds it here.
const vue = {
  name: 'vue-of-the-site',
  enforce: 'pre',
  resolveId(id, importer, options) {
    return /^vue(\/|$)/.test(id) && importer?.endsWith('.md')
      ? this.resolve(id, fileURLToPath(import.meta.url), options) : null
  },
}

export default defineConfig({
  lang: 'en',
  title: 'Barefoot',
  description: 'A small operating system for RISC-V with nothing underneath',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  srcDir: '..',
  srcExclude: ['build/**', 'site/**', 'src/**', 'tests/**', 'tools/**',
    'userprog/**'],
  outDir: '../build/site',
  cacheDir: '../build/site-cache',
  rewrites: (page) => page.replace(/README\.md$/, 'index.md'),
  metaChunk: true,
  markdown: {
    config: (md) => { links(md); quotes(md) },
  },
  vite: {
    build: { assetsInlineLimit: 0 },
    plugins: [vue],
  },
  themeConfig: {
    outline: [2, 3],
    search: { provider: 'local' },
    sidebar: sidebar(),
    nav: [
      { text: 'The walkthrough', link: '/chapters/' },
      { text: 'The map', link: '/chapters/map' },
      { text: 'Glossary', link: '/chapters/glossary' },
    ],
    docFooter: { prev: 'Before this', next: 'Next' },
  },
})
