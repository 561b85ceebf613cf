import { defineRoute } from '../../contract/route.ts'
import { ApiError } from '../api-error.ts'
import type { SignInByPassword } from '../services/password-sign-in.ts'
import type { UserRow } from '../services/sessions.ts'
import { bound } from './bind-routes.ts'
import { readBody } from './body.ts'
import { escapeHtml, htmlPage } from './html-page.ts'

const PATH = '/cli-auth'
const MAX_FORM_BYTES = 8 * 1024

/** Pages for people: Coder's clients open this path in a browser and wait for a token to be pasted. */
const cliAuthRoutes = {
  page: defineRoute({ method: 'GET', path: PATH, auth: 'none', status: 200, errors: [] }),
  signIn: defineRoute({
    method: 'POST',
    path: PATH,
    auth: 'none',
    rate: 'login',
    status: 200,
    errors: [400, 401, 403, 413, 429],
  }),
} as const

export interface CliAuthDeps {
  readonly signIn: SignInByPassword
  readonly accessUrl: () => string
}

function formPage(status: number, accessUrl: string, problem?: string, email = ''): Response {
  return htmlPage(
    status,
    'Sign in to Outpost',
    `<h1>Get a token for this deployment</h1>
${problem === undefined ? '' : `<p class="problem" role="alert">${escapeHtml(problem)}</p>`}
<p>Sign in to get a session token that you can paste into the program that sent you here.</p>
<form method="post" action="${PATH}">
<label for="email">Email</label>
<input id="email" name="email" type="email" autocomplete="username" required value="${escapeHtml(email)}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Get a token</button>
</form>
<h2>Without a password</h2>
<p class="note">The owner of a deployment that the Outpost app runs has no password: the app signs them in. Whoever already
has a token makes another one with it:</p>
<pre><code>curl -X POST -H "Coder-Session-Token: $TOKEN" ${escapeHtml(accessUrl)}/api/v2/users/me/keys</code></pre>`,
  )
}

function tokenPage(user: UserRow, token: string): Response {
  return htmlPage(
    200,
    'Your session token',
    `<h1>Your session token</h1>
<p>You are signed in as <strong>${escapeHtml(user.username)}</strong>. Copy this token and paste it into the program that sent
you here. It is shown once, and is as good as your password: keep it to yourself.</p>
<pre><code>${escapeHtml(token)}</code></pre>`,
  )
}

/**
 * Whether a browser says that the form was ours. It says so with every form; other programs have the API.
 * A foreign `Origin` has been refused before this.
 */
function isOwnForm({ headers }: Request): boolean {
  return headers.has('origin') || headers.get('sec-fetch-site') === 'same-origin'
}

/** The page to get a token from. It works without scripts, and sets no cookie. */
export function cliAuthHandlers({ signIn, accessUrl }: CliAuthDeps) {
  return bound(cliAuthRoutes, {
    page: () => formPage(200, accessUrl()),
    async signIn({ request, audit }) {
      if (!isOwnForm(request)) {
        return formPage(403, accessUrl(), 'The form did not come from this page. Send it from here.')
      }
      const form = new URLSearchParams(new TextDecoder().decode(await readBody(request, MAX_FORM_BYTES)))
      const [email, password] = [form.get('email')?.trim() ?? '', form.get('password') ?? '']
      if (email === '' || password === '') {
        return formPage(400, accessUrl(), 'Enter your email and your password.', email)
      }
      try {
        const { user, token } = await signIn({ email, password }, audit)
        return tokenPage(user, token)
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        return formPage(error.status, accessUrl(), error.body.message, email)
      }
    },
  })
}
