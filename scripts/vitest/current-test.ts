import { afterEach, beforeEach } from 'vitest'
import { setCurrentTest } from '../../server-bridge/testing/conformance-target.ts'

// A test against somebody else's deployment may find out on its way that it cannot be run there.
beforeEach((context) => {
  setCurrentTest(context)
})
afterEach(() => {
  setCurrentTest(undefined)
})
