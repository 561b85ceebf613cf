/** What the address of a repository's origin says of where it lies. Only well-known hosts: nobody is asked, nothing is guessed. */

/** In Coder's words for kinds of external sign-ins. */
type ForgeKind = 'github' | 'gitlab' | 'bitbucket-cloud' | 'gitea'

interface Forge {
  readonly kind: ForgeKind
  /** Between the repository and a branch in the address of its page. */
  readonly branchPath: string
}

const forges: ReadonlyMap<string, Forge> = new Map<string, Forge>([
  ['github.com', { kind: 'github', branchPath: 'tree' }],
  ['gitlab.com', { kind: 'gitlab', branchPath: '-/tree' }],
  ['bitbucket.org', { kind: 'bitbucket-cloud', branchPath: 'branch' }],
  ['codeberg.org', { kind: 'gitea', branchPath: 'src/branch' }],
  ['gitea.com', { kind: 'gitea', branchPath: 'src/branch' }],
])

/** The kind of forge that an origin lies on; nothing for a host that is not known. */
export function forgeKind(origin: string): ForgeKind | undefined {
  return placeOf(origin)?.forge.kind
}

/** The page of a branch there; nothing for a host that is not known. */
export function branchPage(origin: string, branch: string): string | undefined {
  const place = placeOf(origin)
  if (place === undefined || branch === '') return undefined
  const { host, path, forge } = place
  return `https://${host}/${path}/${forge.branchPath}/${encodePath(branch)}`
}

function placeOf(origin: string) {
  const address = readAddress(origin)
  const forge = address && forges.get(address.host)
  if (!forge) return undefined
  const names = address.path
    .replace(/\.git\/?$/, '')
    .split('/')
    .filter((name) => name !== '')
  // An owner and a name at least; groups may lie between.
  if (names.length < 2 || names.some((name) => !/^[\w.-]+$/.test(name) || /^\.+$/.test(name)))
    return undefined
  return { host: address.host, path: names.join('/'), forge }
}

/** Host and path of `https://host/path`, `ssh://user@host/path` and `user@host:path`. */
function readAddress(origin: string): { readonly host: string; readonly path: string } | undefined {
  if (URL.canParse(origin)) {
    const { protocol, hostname, pathname } = new URL(origin)
    if (['https:', 'http:', 'ssh:', 'git:'].includes(protocol))
      return { host: hostname.toLowerCase(), path: pathname }
  }
  const short = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(origin)
  return short ? { host: (short[1] ?? '').toLowerCase(), path: short[2] ?? '' } : undefined
}

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/')
