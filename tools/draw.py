"""Pictures of a trace, as plain SVG: along the time, and step by step."""
from xml.sax.saxutils import escape

STYLE = '''<style>
text { font: 12px ui-monospace, "DejaVu Sans Mono", monospace; fill: #1b1f24 }
.small { font-size: 10px; fill: #57606a }
.ground { fill: #ffffff }
.user { fill: #74a7e6 } .kernel { fill: #d9730d } .idle { fill: #d0d7de }
.wait { stroke: #8c959f; stroke-dasharray: 2 3 }
.wake { stroke: #2f8f46; fill: none } .head { fill: #2f8f46 }
.rule { stroke: #d0d7de } .box { fill: #fbe9d7; stroke: #d9730d }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .small { fill: #9aa4af } .ground { fill: #161b22 }
.user { fill: #3f74b5 } .kernel { fill: #e08a33 } .idle { fill: #30363d }
.wait { stroke: #6e7681 } .wake { stroke: #57b36d } .head { fill: #57b36d }
.rule { stroke: #30363d } .box { fill: #4a2f14; stroke: #e08a33 }
}
@media print { .ground { fill: none } }
</style>
'''


def svg(width, height, title, body):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
            f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">\n'
            f'<title>{escape(title)}</title>\n{STYLE}'
            f'<rect class="ground" width="{width}" height="{height}"/>\n' +
            ''.join(line + '\n' for line in body) + '</svg>\n')


def text(x, y, words, more=''):
    return f'<text x="{x:g}" y="{y:g}"{more}>{escape(words)}</text>'


def middle(x, y, words, kind=''):
    more = f' class="{kind}"' if kind else ''
    return text(x, y, words, more + ' text-anchor="middle"')


def arrow(x1, y1, x2, y2):
    """Straight, with its head at the end."""
    tip = 5 if x2 > x1 else -5 if x2 < x1 else 0
    down = 0 if tip else 5 if y2 > y1 else -5
    head = f'{x2:g},{y2:g} {x2 - tip - down / 2:g},{y2 - down - tip / 2:g} ' \
           f'{x2 - tip + down / 2:g},{y2 - down + tip / 2:g}'
    return (f'<path class="wake" d="M{x1:g} {y1:g}L{x2:g} {y2:g}"/>'
            f'<polygon class="head" points="{head}"/>')


# ---- along the time --------------------------------------------------------

LEFT, RIGHT, ROW, TOP = 110, 40, 34, 34
WIDTH = 1000
LEAST = 0.3             # points: what is narrower is joined with its neighbour


def round_step(span):
    """At most ten marks, at round numbers."""
    power = 10 ** (len(str(span)) - 1)
    return max(1, next(step for step in (power // 10, power // 5, power // 2,
                                         power) if span <= 10 * step))


def joined(trace, x):
    """The stretches, with what would be too narrow to see made one bar."""
    out = []
    for s in sorted(trace.stretches, key=lambda s: (s.pid, s.hart, s.start)):
        kind = 'idle' if s.what == 'idle' else 'kernel' if s.what else 'user'
        last = out[-1] if out else None
        if last and last[:3] == [s.pid, s.hart, kind] and \
                x(s.start) - x(last[4]) < LEAST:
            last[4], last[5] = s.end, None
        else:
            out.append([s.pid, s.hart, kind, s.start, s.end, s.what or 'user'])
    return out


def axis(trace, x, height):
    step = round_step(trace.end - trace.start)
    for n in range((trace.end - trace.start) // step + 1):
        at = x(trace.start + n * step)
        yield f'<path class="rule" d="M{at:.1f} {TOP - 8}V{height - 22}"/>'
        yield middle(round(at, 1), height - 8, f'{n * step:,}', 'small')
    yield text(8, height - 8, unit(trace), ' class="small"')


def unit(trace):
    return 'instructions' if len(trace.harts) < 2 else 'ticks'


def legend(x):
    for word, n in ('user', 0), ('kernel', 1), ('idle', 2):
        yield f'<rect class="{word}" x="{x + 70 * n}" y="6" width="12" height="12"/>'
        yield text(x + 70 * n + 16, 16, word)
    yield f'<path class="wait" d="M{x + 200} 12h24"/>'
    yield text(x + 228, 16, 'waits')
    yield arrow(x + 275, 20, x + 275, 4) + text(x + 281, 16, 'wakes')


def timeline(trace, title):
    """A row for each process, and one for each hart when it is idle."""
    rows = {(pid, None): n for n, pid in enumerate(trace.pids)}
    for hart in sorted({s.hart for s in trace.stretches if s.pid == 0}):
        rows[0, hart] = len(rows)
    height = TOP + ROW * len(rows) + 30
    scale = (WIDTH - LEFT - RIGHT) / max(1, trace.end - trace.start)

    def x(time):
        return LEFT + (time - trace.start) * scale

    def y(pid, hart=None):
        return TOP + ROW * rows[(pid, None) if pid in trace.pids else (0, hart)]

    body = [text(8, 16, title), *legend(WIDTH - 330),
            *axis(trace, x, height)]
    for (pid, hart), n in rows.items():
        name = trace.title(pid) if hart is None else f'hart {hart}'
        body.append(text(8, TOP + ROW * n + 15, name))
    for pid, start, end in trace.waits:
        if pid in trace.pids:
            body.append(f'<path class="wait" d="M{x(start):.1f} {y(pid) + 11}'
                        f'H{x(end):.1f}"/>')
    for pid, hart, kind, start, end, what in joined(trace, x):
        many = len(trace.harts) > 1
        said = what or 'several'
        said += f' on hart {hart}' if many else ''
        body.append(
            f'<rect class="{kind}" x="{x(start):.1f}" '
            f'y="{y(pid, hart) + (2 if kind == "kernel" else 4)}" '
            f'width="{max(LEAST, x(end) - x(start)):.1f}" '
            f'height="{18 if kind == "kernel" else 14}"><title>{escape(said)}, '
            f'{end - start:,} {unit(trace)}</title></rect>')
        if many and x(end) - x(start) > 10 and kind == 'user':
            body.append(text(x(start) + 2, y(pid) + 15, str(hart),
                             ' class="small"'))
    for time, by, pid in trace.wakes:
        if by in trace.pids and pid in trace.pids and by != pid:
            down = y(by) < y(pid)
            body.append(arrow(round(x(time), 1), y(by) + (20 if down else 2),
                              round(x(time), 1), y(pid) + (2 if down else 20)))
    return svg(WIDTH, height, title, body)


# ---- step by step ----------------------------------------------------------

COLUMN, STEP = 190, 40


def steps(trace, pids, passes, title):
    """A column for each process, the time downwards, a box for each pass.  It
    shows the order of things and no count, so it changes only when that does."""
    width = COLUMN * max(2, len(pids)) + 40
    height = 56 + STEP * len(passes) + 12
    x = {pid: 20 + COLUMN * n + COLUMN / 2 for n, pid in enumerate(pids)}
    body = []
    for pid in pids:
        body += [middle(x[pid], 30, trace.title(pid)),
                 f'<path class="wait" d="M{x[pid]:g} 42V{height - 8}"/>']
    for n, p in enumerate(passes):
        top = 60 + STEP * n
        if p.pid in x:
            body.append(f'<rect class="user" x="{x[p.pid] - 5:g}" '
                        f'y="{top - 18}" width="10" height="18"/>')
        body += box(p, x, top, width)
    return svg(width, height, title, body)


def box(p, x, top, width):
    """One pass: what it was for, what came of it, and whom it woke."""
    at = x.get(p.pid, width / 2)
    came = ' waits' if p.waits else ' ends' if p.pid in p.ends else ''
    came = f'{p.what}:{came}' if came else p.what
    half = 3.7 * len(came) + 8
    lines = [f'<rect class="box" x="{at - half:g}" y="{top}" rx="3" '
             f'width="{2 * half:g}" height="20"/>', middle(at, top + 14, came)]
    for pid in p.wakes:
        if pid in x and pid != p.pid:
            side = half if x[pid] > at else -half
            lines += [arrow(at + side, top + 10, x[pid], top + 10),
                      middle((at + side + x[pid]) / 2, top + 6, 'wakes', 'small')]
    return lines
