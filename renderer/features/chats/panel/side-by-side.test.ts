import { expect, it } from 'vitest'
import { parseDiff } from '../transcript/unified-diff.ts'
import { sideBySide } from './side-by-side.ts'

it('puts what went beside what came in its place', () => {
  const lines = parseDiff('@@ -1,4 +1,4 @@\n same\n-a\n-b\n+c\n-d\n+e\n+f\n', 100)
  const shown = sideBySide(lines).map((line) =>
    line.kind === 'hunk' ? '@@' : `${line.left?.text ?? ''}|${line.right?.text ?? ''}`,
  )
  expect(shown).toEqual(['@@', 'same|same', 'a|c', 'b|', 'd|e', '|f'])
})
