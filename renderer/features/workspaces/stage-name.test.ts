import { expect, it } from 'vitest'
import { stageName } from './stage-name.ts'

it.each([
  ['Cleaning Up', 'Cleaning up'],
  ['Setting up', 'Setting up'],
  ['Initializing Terraform Directory', 'Initializing Terraform directory'],
  ['Pulling GPU images', 'Pulling GPU images'],
])('reads %s as %s', (stage, name) => {
  expect(stageName(stage)).toBe(name)
})
