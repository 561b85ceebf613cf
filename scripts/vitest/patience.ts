// Vitest gives up waiting after a second. A machine that runs all of the suite at once can stop a test for longer than
// that; what never comes fails all the same, only later.
import { vi } from 'vitest'

const PATIENCE_MS = 45_000
const { waitFor, waitUntil } = vi

type Options = Parameters<typeof waitFor>[1]

const patient = (options: Options): Options =>
  typeof options === 'number' ? options : { timeout: PATIENCE_MS, ...options }

vi.waitFor = (callback, options) => waitFor(callback, patient(options))
vi.waitUntil = (callback, options) => waitUntil(callback, patient(options))
