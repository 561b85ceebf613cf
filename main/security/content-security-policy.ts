/**
 * The policy of every page. Styles may be inline because xterm and the positioning of floating layers set them from
 * script; scripts never may. Trusted Types turn a DOM injection sink into an exception; the one policy is that of the text
 * editor, which escapes what it writes and loads one worker by it (`renderer/features/editor/monaco-environment.ts`).
 */
const directives: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data: blob:",
  // Recordings that a page was given in pieces; no film is ever loaded by an address.
  'media-src': 'blob:',
  'font-src': "'self' data:",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'frame-src': "'none'",
  'object-src': "'none'",
  'form-action': "'none'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': 'outpost-editor',
}

/** The header's value. There is one policy, packaged or not: development serves built files by the same scheme. */
export const contentSecurityPolicy = Object.entries(directives)
  .map(([name, value]) => `${name} ${value}`)
  .join('; ')

/** Headers of every answer of the app scheme. Nothing of the request is ever copied into them. */
export function responseHeaders(contentType: string): Record<string, string> {
  return {
    'Content-Type': contentType,
    'Content-Security-Policy': contentSecurityPolicy,
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-cache',
  }
}
