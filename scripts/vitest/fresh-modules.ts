// Files share a process, which spares each of them the start of one and the loading of libraries. What a module of ours
// keeps, such as a store, must not come from the file before.
import { vi } from 'vitest'

vi.resetModules()
