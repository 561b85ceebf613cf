import { fireEvent, render, screen } from '@testing-library/react'
import { useState } from 'react'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TerminalProfile } from '#ipc/settings'
import { TerminalProfilesSettings } from './terminal-profiles-settings.tsx'

let kept: readonly TerminalProfile[] | undefined
beforeEach(() => {
  kept = undefined
})

function Settings({ first }: { readonly first: readonly TerminalProfile[] }) {
  const [profiles, setProfiles] = useState(first)
  const change = (next: readonly TerminalProfile[]): void => {
    kept = next
    setProfiles(next)
  }
  return <TerminalProfilesSettings profiles={profiles} onChange={change} />
}

const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const tmux = { name: 'tmux', command: 'tmux new -A -s main' }

describe('terminal profiles', () => {
  it('are added once they have a name and a command', () => {
    render(<Settings first={[]} />)
    press('Add profile')
    type('Name of the profile', ' tmux ')
    press('Save')
    expect(screen.getByText('One line, e.g. tmux new -A -s main.')).toBeTruthy()
    expect(kept).toBeUndefined()
    type('Command of the profile', 'tmux new -A -s main')
    press('Save')
    expect(kept).toEqual([tmux])
    expect(screen.queryByLabelText('Name of the profile')).toBeNull()
  })

  it('have names of their own', () => {
    render(<Settings first={[tmux]} />)
    press('Add profile')
    type('Name of the profile', 'tmux')
    expect(screen.getByText('Another profile has this name.')).toBeTruthy()
    type('Command of the profile', 'htop')
    press('Save')
    press('Cancel')
    expect(kept).toBeUndefined()
  })

  it('are changed and removed', () => {
    render(<Settings first={[tmux, { name: 'top', command: 'htop' }]} />)
    press('Change tmux')
    type('Name of the profile', 'shared')
    press('Save')
    expect(kept?.map(({ name }) => name)).toEqual(['shared', 'top'])
    press('Remove top')
    expect(kept?.map(({ name }) => name)).toEqual(['shared'])
  })
})
