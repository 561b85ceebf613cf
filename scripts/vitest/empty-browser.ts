// Files share a window: what one of them stored must not be found by the next.
import { afterAll } from 'vitest'

afterAll(() => {
  localStorage.clear()
  sessionStorage.clear()
  history.replaceState(null, '', '/')
})
