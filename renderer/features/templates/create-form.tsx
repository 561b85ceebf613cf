import { useEffect, type SyntheticEvent } from 'react'
import type { Deployment } from '#ipc/deployments'
import type { TemplateVersionParameter } from '#bridge/contract/template-versions'
import type { Workspace } from '#bridge/contract/workspaces'
import type { Output } from '../../api/procedure-types.ts'
import { TextButton } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { Notice } from '../../ui/notice.tsx'
import { parameterControl } from './parameter-field.ts'
import { ParameterInput } from './parameter-input.tsx'
import { TemplateIcon } from './template-icon.tsx'
import { nameField, useCreateForm, type CreateForm as Form } from './use-create-form.ts'

export interface CreateFormProps {
  readonly formId: string
  readonly deployment: Deployment
  readonly detail: Output<'templates.get'>
  readonly taken: ReadonlySet<string>
  /** The workspace is being built: the form shows what it was made with. */
  readonly isDone: boolean
  readonly onCreating: (isCreating: boolean) => void
  readonly onCreated: (workspace: Workspace) => void
}

/** Name and parameters of a new workspace. Nothing typed is lost by an error or by leaving. */
export function CreateForm(props: CreateFormProps) {
  const { deployment, detail, onCreating, isDone } = props
  const { template, parameters } = detail
  const form = useCreateForm({
    deploymentId: deployment.id,
    template,
    parameters,
    taken: props.taken,
    isDone,
  })
  const { isCreating, problems } = form
  useEffect(() => onCreating(isCreating), [onCreating, isCreating])
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const element = event.currentTarget
    form.submit(props.onCreated)
    // After the check has marked them, the first field in need gets the focus.
    requestAnimationFrame(() => element.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
  }
  return (
    <form
      id={props.formId}
      aria-label="New workspace"
      onSubmit={submit}
      className="flex flex-col gap-5"
      noValidate
    >
      <div className="flex items-center gap-3">
        <TemplateIcon template={template} />
        <div className="min-w-0">
          <div className="text-lg font-semibold">{template.display_name || template.name}</div>
          <p className="text-fg-2">{template.description}</p>
        </div>
      </div>
      <div className="grid gap-x-5 gap-y-5 wide:grid-cols-2">
        <NameInput form={form} disabled={isDone} />
        {parameters.map((parameter) => (
          <div key={parameter.name} className={isWide(parameter) ? 'wide:col-span-2' : undefined}>
            <ParameterInput
              parameter={parameter}
              value={form.value(parameter)}
              error={form.error(parameter)}
              onChange={(value) => form.setValue(parameter, value)}
              onBlur={() => form.touch(parameter.name)}
              disabled={isDone}
            />
          </div>
        ))}
      </div>
      {form.failure ? (
        <ErrorState title="The workspace is not created" details={form.failure.detail}>
          {form.failure.message}
        </ErrorState>
      ) : null}
      {isDone ? (
        <Notice tone="ok">{form.name} is created.</Notice>
      ) : (
        <Notice
          tone="info"
          actions={
            problems > 0 ? (
              <span className="pr-2 text-sm text-fg-2">
                {problems === 1 ? '1 field needs you' : `${problems} fields need you`}
              </span>
            ) : null
          }
        >
          {deployment.kind === 'local'
            ? 'It runs on this machine and starts right away.'
            : `It is built by ${deployment.name} and starts right away.`}
        </Notice>
      )}
    </form>
  )
}

function isWide(parameter: TemplateVersionParameter): boolean {
  return ['radio', 'textarea', 'switch', 'checkbox'].includes(parameterControl(parameter))
}

function NameInput({ form, disabled }: { readonly form: Form; readonly disabled: boolean }) {
  const problem = form.nameError
  return (
    <Field
      label="Name"
      disabled={disabled}
      help="Yours alone; you can have the same name on another deployment."
      error={
        problem ? (
          <>
            {problem.message}{' '}
            {problem.suggestion ? (
              <>
                Try{' '}
                <TextButton
                  onClick={() => {
                    if (problem.suggestion) form.setName(problem.suggestion)
                  }}
                >
                  {problem.suggestion}
                </TextButton>
              </>
            ) : null}
          </>
        ) : undefined
      }
    >
      <Input
        autoFocus
        value={form.name}
        spellCheck={false}
        autoComplete="off"
        disabled={disabled}
        onChange={(event) => form.setName(event.target.value)}
        onBlur={() => form.touch(nameField)}
      />
    </Field>
  )
}
