// Testing Library unmounts by itself only where `afterEach` is a global, and ours is not.
import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'

afterEach(() => cleanup())
