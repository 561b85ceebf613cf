import { escapeHtml } from './html-error.ts'

export interface LandingPage {
  /** The server's access URL. */
  readonly url: string
  readonly version: string
  readonly notices: readonly string[]
}

/** What somebody sees who opens the server's address in a browser: there is no dashboard here. */
export function landingPage({ url, version, notices }: LandingPage): Response {
  const warnings = notices.map((notice) => `<p role="alert"><strong>${escapeHtml(notice)}</strong></p>\n`)
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Outpost local deployment</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem; color-scheme: light dark }
code { font-size: 0.95em }
</style>
</head>
<body>
<h1>Outpost local deployment</h1>
${warnings.join('')}<p>This is the API of a Coder-compatible server, ${version}, that runs on this machine. It has no web dashboard:
use the Outpost app.</p>
<p>In the app choose <strong>Add deployment</strong> and enter <code>${escapeHtml(url)}</code> with a session token. Make the
first user with <code>POST /api/v2/users/first</code>, then sign in with <code>POST /api/v2/users/login</code>.</p>
</body>
</html>
`
  return new Response(page, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    },
  })
}
