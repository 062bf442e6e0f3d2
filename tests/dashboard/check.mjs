// check URL SHOTS: look at every page of the dashboard as its readers do: phone
// and wide screen, light and dark; says what is wrong, a line each, and fails.
import { axeSource, launch } from "./browser.mjs";

const [url, shots] = process.argv.slice(2);
const origin = new URL(url).origin;
let failed = 0;

function expect(truth, what) {
	if (!truth) {
		console.log(`not ok: ${what}`);
		failed++;
	}
}

// A page that tells of errors, of requests to elsewhere, and of answers that
// are not 200.
async function open(browser, options) {
	const context = await browser.newContext(options);
	const page = await context.newPage();
	page.on("console", m => expect(m.type() !== "error", `console: ${m.text()}`));
	page.on("pageerror", e => expect(false, `error: ${e}`));
	page.on("request", r => expect(r.url().startsWith(origin) ||
		r.url().startsWith("data:"), `request to ${r.url()}`));
	page.on("response", r => expect(r.status() < 400, `${r.status()} ${r.url()}`));
	return page;
}

async function accessible(page, name) {
	await page.addScriptTag({ path: axeSource }).catch(() => null);
	if (!await page.evaluate(() => typeof axe === "object")) {
		expect(false, `${name}: axe did not load`);
		return;
	}
	const { violations } = await page.evaluate(() => axe.run());
	for (const { id, nodes } of violations)
		expect(false, `${name}: axe ${id}: ${nodes[0].html.slice(0, 160)}`);
}

async function look(browser, path, colorScheme, width) {
	const name = `${path} ${colorScheme} ${width}`;
	const page = await open(browser, {
		colorScheme, viewport: { width, height: 900 }, bypassCSP: true,
	});
	await page.goto(url + path);
	const wide = await page.evaluate(() => document.documentElement.scrollWidth);
	expect(wide <= width, `${name}: ${wide} pixels wide`);
	await page.evaluate(() => {
		for (const image of document.images)
			image.loading = "eager";
	});
	await page.waitForLoadState("networkidle");
	const broken = await page.evaluate(() => [...document.images]
		.filter(i => i.naturalWidth === 0).map(i => i.src));
	expect(broken.length === 0, `${name}: no picture: ${broken}`);
	await accessible(page, name);
	await page.screenshot({
		path: `${shots}/${name.replace(/\W+/g, "-")}.png`, fullPage: true,
	});
	await page.context().close();
}

// Every link leads to a page or file that is there, and every fragment to an
// element.
async function follow(browser) {
	const page = await open(browser, {});
	const seen = new Set(), ahead = ["index.html"];
	while (ahead.length > 0) {
		const path = ahead.shift();
		if (seen.has(path))
			continue;
		seen.add(path);
		if (!path.endsWith(".html")) {
			const answer = await page.request.get(url + path);
			expect(answer.ok() && (await answer.body()).length > 0, `file ${path}`);
			continue;
		}
		await page.goto(url + path);
		const links = await page.evaluate(() => [...document.links].map(a => a.href));
		for (const link of new Set(links)) {
			expect(link.startsWith(url), `${path}: link to ${link}`);
			const { pathname, hash } = new URL(link);
			ahead.push(pathname.slice(new URL(url).pathname.length));
			if (hash && link.split("#")[0] === page.url())
				expect(await page.$(hash), `${path}: nothing is ${hash}`);
		}
	}
	await page.context().close();
	return seen;
}

async function choose(browser) {
	const page = await open(browser, {});
	await page.goto(`${url}index.html`);
	for (const [feature, other] of [["energy", "valence"], ["valence", "energy"]]) {
		await page.check(`#map-${feature}`);
		expect(await page.locator(`.layer.${feature}`).first().isVisible(), `map shows ${feature}`);
		expect(!await page.locator(`.layer.${other}`).first().isVisible(), `map hides ${other}`);
	}
	await page.click("summary");
	expect(await page.locator("details table").first().isVisible(), "details open");
	await page.context().close();
}

// A click sorts by the column's values, another turns them round.
async function sort(browser) {
	const page = await open(browser, {});
	await page.goto(`${url}index.html`);
	const column = () => page.$$eval("table:first-of-type", tables =>
		[...tables[0].tBodies[0].rows].map(r => Number(r.cells[6].dataset.value)));
	const head = page.locator("table").first().locator("thead button").nth(6);
	const sorted = [...await column()].sort((a, b) => a - b);
	await head.click();
	expect(String(await column()) === String(sorted), "sorted upwards");
	await head.click();
	expect(String(await column()) === String(sorted.reverse()), "sorted downwards");
	await page.context().close();
}

// The keyboard reaches the answer at once, and every link and control.
async function keyboard(browser) {
	const page = await open(browser, {});
	await page.goto(`${url}index.html`);
	await page.keyboard.press("Tab");
	const skip = await page.evaluate(() => document.activeElement.className);
	expect(skip === "skip", "the first stop skips to the answer");
	await page.keyboard.press("Enter");
	expect(page.url().endsWith("#answer"), "skips to the answer");
	await page.context().close();
}

// The overview is painted in less than 100 ms: on a machine with much else to
// do, in the fastest of many loads.
async function fast(browser) {
	const page = await open(browser, {});
	const times = [];
	while (times.length < 15 || (times[0] >= 100 && times.length < 100)) {
		await page.goto(`${url}index.html`);
		times.push(await page.evaluate(() => new Promise(done =>
			new PerformanceObserver(list => done(list.getEntries()[0].startTime))
				.observe({ type: "paint", buffered: true }))));
		times.sort((a, b) => a - b);
	}
	const median = times[times.length >> 1];
	console.log(`first paint ${times[0].toFixed(0)} ms, median ${median.toFixed(0)} ms`);
	expect(times[0] < 100, "first paint under 100 ms");
	await page.context().close();
}

// The pictures have the colours of the scheme.
async function schemes(browser) {
	for (const [colorScheme, end] of [["light", /series\.svg$/], ["dark", /series-dark\.svg$/]]) {
		const page = await open(browser, { colorScheme });
		await page.goto(`${url}index.html`);
		const image = page.locator("#time img").first();
		await image.scrollIntoViewIfNeeded();
		await image.evaluate(i => i.decode());
		const source = await image.evaluate(i => i.currentSrc);
		expect(end.test(source), `${colorScheme}: ${source}`);
		await page.context().close();
	}
}

const browser = await launch();
const seen = await follow(browser);
const country = [...seen].find(path => path.startsWith("country/"));
for (const path of ["index.html", country])
	for (const scheme of ["light", "dark"])
		for (const width of [360, 1600])
			await look(browser, path, scheme, width);
await choose(browser);
await sort(browser);
await keyboard(browser);
await schemes(browser);
await fast(browser);
await browser.close();
console.log(`${seen.size} pages and files`);
process.exit(failed > 0 ? 1 : 0);
