/** Command-line switches that would open the packaged app to other programs of the user, or weaken its sandbox. */
const forbidden: readonly RegExp[] = [
  /^--?remote-debugging-(port|pipe|address)/,
  /^--?inspect(-brk|-port|-publish-uid)?(=|$)/,
  /^--?js-flags/,
  /^--?no-sandbox/,
  /^--?disable-(web-security|site-isolation-trials|gpu-sandbox|seccomp-filter-sandbox|setuid-sandbox|namespace-sandbox)/,
  /^--?single-process/,
  /^--?proxy-(server|pac-url|bypass-list)/,
  /^--?host-(resolver-)?rules/,
  /^--?ignore-certificate-errors/,
  /^--?allow-(running-insecure-content|file-access-from-files|insecure-localhost)/,
  /^--?load-extension/,
  /^--?(renderer|utility|gpu-launcher|ppapi-plugin)-?(cmd-prefix|launcher)/,
  /^--?enable-(blink-features|experimental-web-platform-features)/,
  /^--?unsafely-treat-insecure-origin-as-secure/,
]

/** The first switch a packaged app refuses to run with, or `undefined`. */
export function forbiddenSwitch(argv: readonly string[]): string | undefined {
  return argv.find((argument) => forbidden.some((pattern) => pattern.test(argument.toLowerCase())))
}
