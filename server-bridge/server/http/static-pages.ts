import { defineRoute } from '../../contract/route.ts'
import { notFound } from '../api-error.ts'
import { bound } from './bind-routes.ts'
import { emojis, icons } from './icons.ts'

const open = { method: 'GET', auth: 'none', status: 200, errors: [404] } as const
const noFile = { ...open, status: 404, errors: [] } as const
const staticRoutes = {
  icon: defineRoute({ ...open, path: '/icon/{icon}' }),
  emoji: defineRoute({ ...open, path: '/emojis/{emoji}' }),
  binaries: defineRoute({ ...noFile, path: '/bin' }),
  binary: defineRoute({ ...noFile, path: '/bin/{binary}' }),
  installScript: defineRoute({ ...noFile, path: '/install.sh' }),
} as const

/** Each line is a comment to a shell: whoever pipes the answer into one unseen runs nothing. */
const NO_CLI = `# The local deployment brings no coder CLI: its workspaces run on this machine, and the Outpost app opens their
# terminals, files and ports. Editors and scripts connect with the address of this server and a token from /cli-auth.
# A CLI for other Coder deployments comes from those, or from https://coder.com/docs/install.
exit 1
`

const noCli = (): Response =>
  new Response(NO_CLI, { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } })

/** Files that clients fetch from every deployment by a fixed path. */
export function staticPageHandlers() {
  return bound(staticRoutes, {
    // Looked up by name in a fixed list: no path of a request ever meets the disk.
    icon: ({ params }) => drawing(icons.get(params.icon)),
    emoji: ({ params }) => drawing(emojis.get(params.emoji)),
    binaries: noCli,
    binary: noCli,
    installScript: noCli,
  })
}

function drawing(svg: string | undefined): Response {
  if (svg === undefined) throw notFound()
  return new Response(svg, {
    headers: {
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=86400',
      'content-security-policy': "default-src 'none'",
    },
  })
}
