import { useState } from 'react'
import { displayName, remoteBaseName, remoteParent } from '#bridge/contract/remote-names'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { ModeForm } from './mode-form.tsx'
import type { FileActions } from './use-file-actions.ts'
import { useSubmit } from './use-submit.ts'

/** What is asked before something is done. */
export type FilesQuestion =
  | { readonly kind: 'make'; readonly what: 'file' | 'folder'; readonly folder: string }
  | { readonly kind: 'rename'; readonly path: string }
  | { readonly kind: 'mode'; readonly paths: readonly string[]; readonly mode: number }
  /** `isTrashless`: they lie where the trash cannot take them. */
  | { readonly kind: 'delete'; readonly paths: readonly string[]; readonly isTrashless: boolean }

export interface FilesDialogsProps {
  readonly question: FilesQuestion | undefined
  readonly actions: FileActions
  readonly onClose: () => void
}

/** The questions of the file list, one at a time. */
export function FilesDialogs({ question, actions, onClose }: FilesDialogsProps) {
  const isDelete = question?.kind === 'delete'
  return (
    <>
      <Dialog
        open={question !== undefined && !isDelete}
        onOpenChange={onClose}
        size="sm"
        title={question && !isDelete ? titleOf(question) : ''}
      >
        {question?.kind === 'make' ? (
          <NameForm
            label="Name"
            help={`In ${displayName(question.folder)}`}
            button="Create"
            initial=""
            onSubmit={async (name) => actions.make(question.what, question.folder, name)}
            onClose={onClose}
          />
        ) : null}
        {question?.kind === 'rename' ? (
          <NameForm
            label="New name"
            help={`In ${displayName(remoteParent(question.path))}`}
            button="Rename"
            initial={remoteBaseName(question.path)}
            onSubmit={async (name) => actions.rename(question.path, name)}
            onClose={onClose}
          />
        ) : null}
        {question?.kind === 'mode' ? (
          <ModeForm
            mode={question.mode}
            onSubmit={async (mode) => actions.setMode(question.paths, mode)}
            onClose={onClose}
          />
        ) : null}
      </Dialog>
      <ConfirmDialog
        open={isDelete}
        onOpenChange={onClose}
        danger
        title={isDelete ? `Delete ${whatOf(question.paths)} for good?` : ''}
        description={
          isDelete && question.isTrashless
            ? 'It lies on another disk than the trash of the workspace, so it cannot be moved there. This cannot be undone.'
            : 'Folders go with all that is in them. This cannot be undone.'
        }
        confirmLabel="Delete for good"
        onConfirm={async () => {
          if (isDelete) await actions.deleteForGood(question.paths)
        }}
      />
    </>
  )
}

function titleOf(question: Exclude<FilesQuestion, { kind: 'delete' }>): string {
  switch (question.kind) {
    case 'make':
      return question.what === 'file' ? 'New file' : 'New folder'
    case 'rename':
      return `Rename ${whatOf([question.path])}`
    case 'mode':
      return `Permissions of ${whatOf(question.paths)}`
  }
}

function whatOf(paths: readonly string[]): string {
  const [first] = paths
  return paths.length === 1 && first ? displayName(remoteBaseName(first)) : `${paths.length} items`
}

interface NameFormProps {
  readonly label: string
  readonly help: string
  readonly button: string
  readonly initial: string
  readonly onSubmit: (name: string) => Promise<void>
  readonly onClose: () => void
}

function NameForm({ label, help, button, initial, onSubmit, onClose }: NameFormProps) {
  const [name, setName] = useState(initial)
  const { isBusy, problem, submit, forget } = useSubmit(onClose)
  const wrong = name.includes('/') ? 'A name has no “/”.' : problem
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (name !== '' && !name.includes('/') && !isBusy) void submit(() => onSubmit(name))
      }}
    >
      <Field label={label} help={help} error={wrong}>
        <Input
          autoFocus
          mono
          spellCheck={false}
          autoComplete="off"
          maxLength={255}
          value={name}
          onFocus={(event) => {
            // The ending mostly stays.
            const end = initial.lastIndexOf('.')
            event.currentTarget.setSelectionRange(0, end > 0 ? end : initial.length)
          }}
          onChange={(event) => {
            setName(event.target.value)
            forget()
          }}
        />
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={isBusy} disabled={name === '' || name.includes('/')}>
          {button}
        </Button>
      </div>
    </form>
  )
}
