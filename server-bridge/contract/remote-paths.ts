/**
 * Names of files on a workspace. They are bytes of a server that may be hostile: not always UTF-8, and with any character
 * but `/` and NUL. As text, a byte that is no UTF-8 stands as the lone surrogate U+DC00 + byte (as in Python's PEP 383),
 * so every name can be sent back as it came. `displayName` is for showing only.
 */
import { z } from 'zod'

/** Linux's PATH_MAX is 4,096 bytes; a surrogate is one character. */
export const remotePathMaxChars = 4096

/** Absolute and with `/`, as SFTP has it; a Windows server writes `/C:/Users`. */
export const remotePathSchema = z
  .string()
  .max(remotePathMaxChars)
  .regex(/^\/[^\0]*$/s)

/** One entry of a folder. */
export const remoteNameSchema = z
  .string()
  .max(1024)
  .regex(/^[^/\0]+$/s)
  .refine((name) => name !== '.' && name !== '..')
