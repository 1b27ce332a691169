// Looks at the built site as a reader does, in a headless Chromium that can
// reach nothing but the files in build/site.
import assert from 'node:assert/strict'
import { execSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, extname, join } from 'node:path'
import test, { after, before } from 'node:test'
import { fileURLToPath } from 'node:url'
import puppeteer from 'puppeteer-core'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const built = join(root, 'build/site')
const TYPES = {
  '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css',
  '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.json': 'application/json',
}
const DESK = { width: 1280, height: 900 }
const PHONE = { width: 360, height: 740 }

// Paths of all files below a folder.
function walk(folder, prefix = '') {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .flatMap((entry) => entry.isDirectory()
      ? walk(folder, `${prefix}${entry.name}/`) : [prefix + entry.name])
}

const pages = walk(built)
  .filter((path) => path.endsWith('.html') && path !== '404.html')
  .map((path) => '/' + path.replace(/(^|\/)index\.html$/, '$1'))
let server, origin, browser

before(async () => {
  server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://a').pathname)
    try {
      const file = join(built, path.endsWith('/') ? path + 'index.html' : path)
      const body = readFileSync(file)
      response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ??
        'application/octet-stream' }).end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${server.address().port}`
  browser = await puppeteer.launch({
    executablePath: execSync('command -v chromium').toString().trim(),
    // In a container there is no sandbox to be had, and we trust our pages.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  })
})

after(async () => {
  await browser?.close()
  server.closeAllConnections()
  server.close()
})

// A page of the site; `faults` collects what the browser complains of.
async function open(path, options) {
  const { view = DESK, script = true, dark = false, quick = !script } = options
  const page = await browser.newPage()
  page.faults = []
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) {
      page.faults.push(message.text())
    }
  })
  page.on('pageerror', (error) => page.faults.push(String(error)))
  page.on('requestfailed', (request) => page.faults.push(request.url()))
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url())) {
      page.faults.push(`asks for ${request.url()}`)
    }
  })
  await page.setJavaScriptEnabled(script)
  await page.setViewport(view)
  await page.emulateMediaFeatures(
    [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }])
  await page.goto(origin + path, { waitUntil: quick ? 'load' : 'networkidle0' })
  return page
}

// Runs a look at a page and closes it; the browser must have no complaint.
async function look(path, options, eyes) {
  const page = await open(path, options)
  try {
    const seen = await eyes(page)
    assert.deepEqual(page.faults, [], path)
    return seen
  } finally {
    await page.close()
  }
}

const shown = (page, selector) => page.$eval(selector, (element) => {
  const box = element.getBoundingClientRect()
  return box.width > 0 && box.height > 0 && box.right > 0 &&
    box.left < innerWidth
}).catch(() => false)

const wide = (page) => page.evaluate(() =>
  document.documentElement.scrollWidth - innerWidth)

const colour = (page, selector, what = 'color') => page.$eval(selector,
  (element, what) => getComputedStyle(element)[what], what)

test('there is a page for each Markdown file', () => {
  const texts = ['README.md', ...walk(join(root, 'chapters'), '')
    .filter((path) => path.endsWith('.md')).map((path) => `chapters/${path}`)]
  assert.deepEqual([...pages].sort(), texts.map((path) => '/' + path
    .replace(/README\.md$/, '').replace(/\.md$/, '.html')).sort())
})

test('every page loads without complaint, its links and pictures exist',
  async () => {
    const anchors = {}, links = {}
    for (const path of pages) {
      await look(path, {}, async (page) => {
        Object.assign(anchors, { [path]: await page.$$eval('[id]', (all) =>
          all.map((element) => element.id)) })
        links[path] = await page.$$eval('a[href]', (all) =>
          all.map((link) => link.href))
        assert.equal((await page.$$('main h1')).length, 1, path)
        const broken = await page.$$eval('main img', async (all) => {
          await Promise.all(all.map((img) => img.decode().catch(() => null)))
          return all.filter((img) => !img.naturalWidth || !img.alt)
            .map((img) => img.src)
        })
        assert.deepEqual(broken, [], path)
      })
    }
    for (const path of pages) {
      for (const link of links[path].map((href) => new URL(href))
        .filter((url) => url.origin === origin)) {
        const known = anchors[link.pathname]
        assert.ok(known, `${path}: there is no ${link.pathname}`)
        assert.ok(!link.hash ||
          known.includes(decodeURIComponent(link.hash.slice(1))),
        `${path}: nothing is ${link.pathname}${link.hash}`)
      }
    }
    const reached = new Set(['/'])
    for (const path of reached) {
      links[path].map((href) => new URL(href)).forEach((url) =>
        url.origin === origin && reached.add(url.pathname))
    }
    assert.deepEqual(pages.filter((path) => !reached.has(path)), [])
  })

test('the sidebar has the chapters floor by floor', async () => {
  const chapters = readdirSync(join(root, 'chapters'))
    .filter((name) => /^\d\d-/.test(name)).sort()
  await look('/', {}, async (page) => {
    const listed = await page.$$eval('.VPSidebar a[href]', (all) =>
      all.map((link) => new URL(link.href).pathname))
    assert.deepEqual(listed.filter((path) => /\/\d\d-/.test(path)),
      chapters.map((name) => `/chapters/${name}/`))
    const groups = await page.$$eval('.VPSidebar h2', (all) =>
      all.map((heading) => heading.textContent))
    assert.ok(groups.some((text) => text.startsWith('Floors 1 to 4')))
    assert.ok(await shown(page, '.VPSidebar'))
  })
})

test('search finds mtimecmp, and leads to where it is explained', async () => {
  await look('/', {}, async (page) => {
    await page.click('#local-search button')
    await page.waitForSelector('.VPLocalSearchBox input')
    await page.type('.VPLocalSearchBox input', 'mtimecmp')
    await page.waitForSelector('.VPLocalSearchBox a.result[href*="03-time"]')
    await page.click('.VPLocalSearchBox a.result[href*="03-time"]')
    await page.waitForFunction(() => location.pathname.includes('03-time'))
    await page.waitForFunction(() =>
      document.querySelector('main').innerText.includes('mtimecmp'))
  })
})

test('assembly, C and differences are in colours', async () => {
  for (const [path, language] of [['02-traps', 'riscv'], ['02-traps', 'c'],
    ['02-traps', 'diff']]) {
    await look(`/chapters/${path}/`, {}, async (page) => {
      const colours = await page.$$eval(
        `.language-${language} .line span`, (all) => [...new Set(
          all.map((span) => getComputedStyle(span).color))])
      assert.ok(colours.length >= 3, `${language}: ${colours}`)
    })
  }
})

test('a quote says where it is from', async () => {
  await look('/chapters/05-a-process/', {}, async (page) => {
    const said = await page.$$eval('.quote figcaption', (all) =>
      all.map((caption) => caption.textContent))
    assert.ok(said.includes('src/process/process.h#process'))
  })
})

test('dark mode follows the system, and the switch', async () => {
  const dark = 'rgb(27, 27, 31)', light = 'rgb(255, 255, 255)'
  const background = (page) => colour(page, 'body', 'backgroundColor')
  await look('/chapters/05-a-process/', { dark: true }, async (page) => {
    assert.equal(await background(page), dark)
  })
  await look('/chapters/05-a-process/', {}, async (page) => {
    assert.equal(await background(page), light)
    await page.click('.VPNavBarAppearance .VPSwitchAppearance')
    await page.waitForSelector('html.dark')
    assert.equal(await background(page), dark)
    // Pictures are told by this property which of their colours to take.
    assert.equal(await colour(page, 'main img', 'colorScheme'), 'dark')
  })
})

test('nothing is wider than a phone', async () => {
  for (const path of pages) {
    await look(path, { view: PHONE, quick: true }, async (page) => {
      assert.ok(await wide(page) <= 0, `${path}: ${await wide(page)} pixels`)
      assert.ok(await shown(page, 'main h1'), path)
      assert.ok(!await shown(page, '.VPSidebar'), path)
    })
  }
})

test('reading needs no JavaScript', async () => {
  for (const view of [DESK, PHONE]) {
    for (const path of pages) {
      const page = await open(path, { view, script: false })
      assert.ok(await shown(page, 'main h1'), path)
      assert.ok(await wide(page) <= 0, path)
      await page.close()
    }
  }
  const page = await open('/chapters/', { script: false })
  assert.ok(await shown(page, '.VPSidebar'))
  for (const link of ['05-a-process/', '06-system-calls/']) {
    await Promise.all([page.waitForNavigation(),
      page.$eval(`main a[href$="${link}"]`, (element) => element.click())])
  }
  assert.match(await page.$eval('main h1', (h1) => h1.textContent), /^6\. /)
  await page.close()
})

test('paper has the page, and nothing else', async () => {
  await look('/chapters/05-a-process/', { dark: true }, async (page) => {
    await page.emulateMediaType('print')
    for (const what of ['.VPNav', '.VPSidebar', '.VPDocFooter', '.aside']) {
      assert.ok(!await shown(page, what), what)
    }
    assert.ok(await shown(page, 'main h1'))
    assert.equal(await colour(page, 'main h1'), 'rgb(0, 0, 0)')
    assert.equal(await colour(page, 'body', 'backgroundColor'),
      'rgb(255, 255, 255)')
    // A4 without its margins, at 96 dots an inch: no line of code is cut.
    await page.setViewport({ width: 680, height: 960 })
    const cut = await page.$$eval('main pre', (all) => all.filter((pre) =>
      pre.scrollWidth > pre.clientWidth).map((pre) => pre.innerText))
    assert.deepEqual(cut, [])
    assert.ok((await page.pdf({ format: 'A4' })).length > 10000)
  })
})
