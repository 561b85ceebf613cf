/** Command-line switches that would open the packaged app to other programs of the user, or weaken its sandbox. */
const forbidden: readonly RegExp[] = [
  /^remote-(debugging-(port|pipe|address)|allow-origins)/,
  /^inspect(-brk|-wait|-port|-publish-uid)?(=|$)/,
  /^auto-open-devtools-for-tabs/,
  /^js-flags/,
  /^no-(sandbox|zygote-sandbox)/,
  /^disable-(web-security|site-isolation|gpu-sandbox|seccomp-filter-sandbox|setuid-sandbox|namespace-sandbox)/,
  /^disable-features.*(siteperprocess|isolateorigins|networkservicesandbox)/,
  /^allow-(sandbox-debugging|running-insecure-content|file-access-from-files|insecure-localhost)/,
  /^(single-process|in-process-gpu)/,
  // Another program in the place of our own children.
  /^(browser-subprocess-path|gpu-launcher)/,
  /^(renderer|utility|gpu|ppapi-plugin|zygote)-?(cmd-prefix|launcher)/,
  /^proxy-(server|pac-url|bypass-list|auto-detect)/,
  /^host-(resolver-)?rules/,
  /^ignore-(certificate-errors|urlfetcher-cert-requests)/,
  // Says yes to the microphone in place of main.
  /^use-fake-ui-for-media-stream/,
  // Both write what goes over the network into a file.
  /^(log-net-log|ssl-key-log-file)/,
  /^(load|disable)-extension/,
  /^enable-(blink-features|experimental-web-platform-features|automation)/,
  /^unsafely-treat-insecure-origin-as-secure/,
]

/** How Chromium reads a switch (base/command_line.cc): blanks around it do not count, and Windows takes `/` as well. */
const switchPrefix = /^\s*(?:--?|\/)/

/** The first switch a packaged app refuses to run with, or `undefined`. */
export function forbiddenSwitch(argv: readonly string[]): string | undefined {
  return argv.find((argument) => {
    if (!switchPrefix.test(argument)) return false
    const name = argument.replace(switchPrefix, '').toLowerCase()
    return forbidden.some((pattern) => pattern.test(name))
  })
}
