import { close, constants, fchmod, fstat, ftruncate, open, type Stats } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { errorCode } from '../lib/to-error.ts'
import { followOwnLinks } from './follow-own-links.ts'

/**
 * Without `O_NONBLOCK` the open of a pipe waits for a reader, in a thread that everything else needs too; the other flags
 * keep a link from being followed and a terminal from becoming ours. Windows has none of them, where each counts as 0.
 */
const flags =
  constants.O_WRONLY | constants.O_CREAT | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY

const notRegular = 'is not a regular file.'

/**
 * Opens a file of this user anew for writing, readable by them only, and makes the folders on the way. The path may come
 * from a template and lie where other users write, too.
 *
 * @returns the file descriptor, the caller's to close.
 * @throws with a sentence for what is no regular file, is another user's, has a second name or lies behind another user's
 * link: nothing is changed then. See open(2) for the rest.
 */
export async function openRegularFile(path: string): Promise<number> {
  const target = await followOwnLinks(path)
  await mkdir(dirname(target), { recursive: true, mode: 0o700 })
  const file = await promisify(open)(target, flags, 0o600).catch((error: unknown) => {
    // A pipe without a reader (open(2)).
    throw errorCode(error) === 'ENXIO' ? new Error(`${target} ${notRegular}`) : error
  })
  try {
    const refusal = whyNot(await promisify<number, Stats>(fstat)(file))
    if (refusal !== undefined) throw new Error(`${target} ${refusal}`)
    // One that was there keeps its mode when it is opened, and what is written may have secrets in it.
    await promisify(fchmod)(file, 0o600)
    await promisify<number, number>(ftruncate)(file, 0)
    return file
  } catch (error) {
    await promisify(close)(file)
    throw error
  }
}

function whyNot(stat: Stats): string | undefined {
  const uid = process.getuid?.()
  if (!stat.isFile()) return notRegular
  if (uid !== undefined && stat.uid !== uid) return 'belongs to another user.'
  // Where links to other people's files may be made, the second name could be that of any file of this user.
  if (stat.nlink > 1) return 'has a second name.'
  return undefined
}
