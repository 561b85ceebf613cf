// Testing Library unmounts by itself only where `afterEach` is a global, and ours is not.
import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'

// Its own second is shorter than a busy machine takes to draw a whole window; what never comes fails all the same.
configure({ asyncUtilTimeout: 45_000 })

afterEach(() => cleanup())
