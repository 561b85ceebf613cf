import { lstat, readlink } from 'node:fs/promises'
import { dirname, join, parse, resolve, sep } from 'node:path'
import { errorCode } from '../lib/to-error.ts'

/** What the kernel follows as well (ELOOP, path_resolution(7)). */
const maxLinks = 40

/**
 * Where an absolute path leads, with every link on the way replaced; what is not there yet stays as it is. Only links of
 * this user or of the system are followed: in a folder that others write to, such as /tmp, anybody may plant one that
 * points to a file of ours.
 *
 * @throws with a sentence for another user's link and for too many of them; see lstat(2) for the rest.
 */
export async function followOwnLinks(
  path: string,
  uid: number | undefined = process.getuid?.(),
): Promise<string> {
  const trusted = new Set([0, uid])
  let { root: reached } = parse(resolve(path))
  const waiting = resolve(path).slice(reached.length).split(sep)
  let links = 0
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const next = join(reached, name)
    const stat = await lstat(next).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined
      throw error
    })
    if (stat?.isSymbolicLink() !== true) {
      reached = next
      continue
    }
    if (uid !== undefined && !trusted.has(stat.uid)) throw new Error(`${next} is a link of another user.`)
    if ((links += 1) > maxLinks) throw new Error(`${path} leads through too many links.`)
    const target = resolve(dirname(next), await readlink(next))
    reached = parse(target).root
    waiting.unshift(...target.slice(reached.length).split(sep))
  }
  return reached
}
