import { createHash } from 'node:crypto'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand in a page, also within an attribute's quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
}

const STYLE = `
:root { color-scheme: light dark; --text: #1c2024; --muted: #5b6470; --ground: #fbfcfd; --line: #d5dae1; --accent: #1f5fbf; --code: #eef1f5 }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ed; --muted: #a2abb7; --ground: #14171b; --line: #343b45; --accent: #7fb0ff; --code: #20252c } }
body { font: 16px/1.55 system-ui, sans-serif; color: var(--text); background: var(--ground); max-width: 42rem; margin: 0 auto; padding: 3rem 1.25rem }
h1 { font-size: 1.5rem; line-height: 1.25 }
h2 { font-size: 1.1rem; margin-top: 2rem }
a { color: var(--accent) }
p.note { color: var(--muted) }
p.problem { border: 1px solid #c4372c; border-radius: 6px; padding: .6rem .8rem }
code, pre { font: .9em/1.5 ui-monospace, monospace; background: var(--code); border-radius: 4px }
code { padding: .1em .3em }
pre { padding: .8rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere }
pre code { padding: 0 }
label { display: block; margin: .8rem 0 .2rem }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .45rem .6rem; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 6px }
button { font: inherit; margin-top: 1rem; padding: .45rem 1.1rem; color: var(--ground); background: var(--accent); border: 0; border-radius: 6px; cursor: pointer }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
`
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/** No script, nothing from elsewhere, and only the one style above. */
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`

/** A page of the server. `body` is HTML: what comes from elsewhere in it has been through `escapeHtml`. */
export function htmlPage(status: number, title: string, body: string): Response {
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`
  return new Response(page, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': POLICY,
      'cache-control': 'no-store',
      // Not "no-referrer": browsers would then hide the origin of the form, by which it is checked.
      'referrer-policy': 'same-origin',
      'x-frame-options': 'DENY',
    },
  })
}
