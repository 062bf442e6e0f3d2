// browser: Chromium, headless, with a profile of its own.
import { createRequire } from "node:module";
import { resolve } from "node:path";

const require = createRequire(resolve("build/browser/node_modules/x"));
const { chromium } = require("playwright-core");

export const axeSource = require.resolve("axe-core/axe.min.js");

export function launch() {
	return chromium.launch({
		executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
		args: ["--no-sandbox", "--disable-gpu", "--disable-quic",
			"--no-first-run", "--disable-background-networking",
			"--disable-component-update", "--disable-sync"],
	});
}
