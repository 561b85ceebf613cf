import { type GitRepositoryCall, runGit } from './git-command.ts'

const MAX_LIST_BYTES = 1024 * 1024

/** Where it came from, and the filters that its settings and its user's name, which a scan must not run. */
export async function readSettings(
  call: GitRepositoryCall,
): Promise<{ readonly origin: string; readonly filters: readonly string[] } | undefined> {
  const wanted = String.raw`^(remote\.origin\.url|core\.bare|filter\..*\.(clean|smudge|process|required))$`
  const { text, exitCode } = await runGit(call, ['config', '-z', '--get-regexp', wanted], MAX_LIST_BYTES)
  // 1: there is none of them.
  if (exitCode > 1) return undefined
  const settings = (exitCode === 1 ? '' : text)
    .split('\0')
    .slice(0, -1)
    .map((entry) => [entry.slice(0, indexOr(entry, '\n')), entry.slice(indexOr(entry, '\n') + 1)] as const)
  if (settings.some(([name, value]) => name === 'core.bare' && value === 'true')) return undefined
  const names = settings.flatMap(([name]) => /^filter\.(.*)\.\w+$/s.exec(name)?.[1] ?? [])
  const origin = settings.find(([name]) => name === 'remote.origin.url')?.[1] ?? ''
  return { origin: withoutCredentials(origin), filters: [...new Set(names)] }
}

function indexOr(text: string, part: string): number {
  const at = text.indexOf(part)
  return at === -1 ? text.length : at
}

/** Some keep the token of a forge in its address. */
function withoutCredentials(address: string): string {
  if (!URL.canParse(address)) return address
  const url = new URL(address)
  if (url.username === '' && url.password === '') return address
  if (url.protocol === 'ssh:') url.password = ''
  else [url.username, url.password] = ['', '']
  return url.toString()
}
