import { escapeHtml, htmlPage } from './html-page.ts'

export interface LandingPage {
  /** The server's access URL. */
  readonly url: string
  readonly version: string
  /** What happened to the data at this start. */
  readonly notices: readonly string[]
}

/** What somebody sees who opens the server's address in a browser: there is no dashboard here. */
export function landingPage({ url, version, notices }: LandingPage): Response {
  const address = escapeHtml(url)
  const warnings = notices.map((notice) => `<p class="problem" role="alert">${escapeHtml(notice)}</p>`)
  return htmlPage(
    200,
    'Outpost local deployment',
    `<h1>Outpost local deployment</h1>
${warnings.join('\n')}
<p>This is a Coder-compatible server, ${escapeHtml(version)}. It has no web dashboard: use the Outpost app.</p>
<h2>Connect a client</h2>
<p>Give it the address <code>${address}</code> and a token from <a href="/cli-auth">the sign-in page</a>. In the app that
is <strong>Add deployment</strong>.</p>
<h2>From an app of a workspace</h2>
<p>If an app of a workspace sent you here, this browser is not signed in to it. Open the app by a link that works once: whoever
has a token gets one, with the id of the agent and the app’s slug, or the number of a port.</p>
<pre><code>curl -X POST -H "Coder-Session-Token: $TOKEN" \
  ${address}/api/experimental/workspaceagents/AGENT/apps/APP/session</code></pre>
<h2>A new server</h2>
<p>One that was started by hand has no account yet. Make the first one, which becomes its owner:</p>
<pre><code>curl -X POST ${address}/api/v2/users/first \\
  -d '{"email":"you@example.com","username":"you","password":"…"}'</code></pre>`,
  )
}
