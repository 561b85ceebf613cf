import { chmod, chown, lchown, lutimes, truncate, utimes, type FileHandle } from 'node:fs/promises'
import type { FileAttributes } from './attributes.ts'
import { SftpStatusError, statusCode } from './status.ts'

/** What attributes can be set on: an open file, a path, or a link itself. */
export interface AttributeTarget {
  truncate(size: number): Promise<void>
  chmod(mode: number): Promise<void>
  utimes(accessed: number, modified: number): Promise<void>
  chown(uid: number, gid: number): Promise<void>
}

export function fileTarget(file: FileHandle): AttributeTarget {
  return {
    truncate: (size) => file.truncate(size),
    chmod: (mode) => file.chmod(mode),
    utimes: (accessed, modified) => file.utimes(accessed, modified),
    chown: (uid, gid) => file.chown(uid, gid),
  }
}

export function pathTarget(path: Buffer): AttributeTarget {
  return {
    truncate: (size) => truncate(path, size),
    chmod: (mode) => chmod(path, mode),
    utimes: (accessed, modified) => utimes(path, accessed, modified),
    chown: (uid, gid) => chown(path, uid, gid),
  }
}

/** A link has neither a size of its own nor, on Linux, permissions. */
export function linkTarget(path: Buffer): AttributeTarget {
  const refuse = (): Promise<void> =>
    Promise.reject(new SftpStatusError(statusCode.unsupported, 'A link has no such attribute'))
  return {
    truncate: refuse,
    chmod: refuse,
    utimes: (accessed, modified) => lutimes(path, accessed, modified),
    chown: (uid, gid) => lchown(path, uid, gid),
  }
}

/** Sets what is given, the size first: it changes the time, and permissions may forbid it. */
export async function applyAttributes(target: AttributeTarget, wanted: FileAttributes): Promise<void> {
  if (wanted.size !== undefined) await target.truncate(wanted.size)
  if (wanted.owner !== undefined) await target.chown(wanted.owner.uid, wanted.owner.gid)
  if (wanted.permissions !== undefined) await target.chmod(wanted.permissions)
  if (wanted.times !== undefined) await target.utimes(wanted.times.accessed, wanted.times.modified)
}
