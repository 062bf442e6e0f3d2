// consoles SECRETS SHOTS: the analyst logs in to Adminer and pgAdmin and sees
// the tables of the primary.
import { readFileSync } from "node:fs";

import { launch } from "../dashboard/browser.mjs";

const [secrets, shots] = process.argv.slice(2);
const secret = name => readFileSync(`${secrets}/${name}`, "utf8").trim();

async function adminer(page) {
	await page.goto("http://127.0.0.1:8080/");
	await page.selectOption("select[name='auth[driver]']", "pgsql");
	await page.fill("input[name='auth[server]']", "postgres");
	await page.fill("input[name='auth[username]']", "analyst");
	await page.fill("input[name='auth[password]']", secret("analyst_password"));
	await page.fill("input[name='auth[db]']", "spot");
	await page.click("input[type=submit]");
	await page.getByRole("link", { name: "playlist", exact: true }).first().waitFor();
	await page.screenshot({ path: `${shots}/adminer.png` });
}

async function pgadmin(page) {
	await page.goto("http://127.0.0.1:8180/login");
	await page.fill("input[name=email]", "analyst@spot.example.com");
	await page.fill("input[name=password]", secret("pgadmin_password"));
	await page.click("button[type=submit], button[name=internal_button]");
	const node = (name, n = 0) => page.getByText(name, { exact: true }).nth(n);
	const open = (name, n) => node(name, n).dblclick();
	await open("spot");
	await node("warehouse").waitFor();
	await open("primary");
	await page.locator("[role=dialog] input").first().fill(secret("analyst_password"));
	await page.keyboard.press("Enter");
	await open("Databases");
	await open("spot", 1);
	for (const name of ["Schemas", "public", "Tables"])
		await open(name);
	for (const name of ["item", "playlist", "track"])
		await node(name).waitFor();
	await page.screenshot({ path: `${shots}/pgadmin.png` });
}

const browser = await launch();
for (const visit of [adminer, pgadmin]) {
	const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
	page.setDefaultTimeout(120000);
	await visit(page).catch(async error => {
		await page.screenshot({ path: `${shots}/${visit.name}-failed.png` });
		throw error;
	});
	await page.close();
}
await browser.close();
