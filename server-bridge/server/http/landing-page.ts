import { escapeHtml, htmlPage } from './html-page.ts'

/** What somebody sees who opens the server's address in a browser: there is no dashboard here. */
export function landingPage(port: number, version: string): Response {
  const url = `http://127.0.0.1:${port}`
  return htmlPage(
    200,
    'Outpost local deployment',
    `<h1>Outpost local deployment</h1>
<p>This is a Coder-compatible server, ${escapeHtml(version)}, that runs on this machine. It answers to this machine only
and has no web dashboard: use the Outpost app, where it is there as <strong>This computer</strong>.</p>
<h2>Connect another client</h2>
<p>Give it the address <code>${url}</code> and a token from <a href="/cli-auth">the sign-in page</a>.</p>
<h2>A new server</h2>
<p>One that was started by hand has no account yet. Make the first one, which becomes its owner:</p>
<pre><code>curl -X POST ${url}/api/v2/users/first \\
  -d '{"email":"you@example.com","username":"you","password":"…"}'</code></pre>`,
  )
}
