import type { TemplateVersionParameter } from '#bridge/contract/template-versions'
import { Checkbox } from '../../ui/checkbox.tsx'
import { MultiSelect } from '../../ui/combobox.tsx'
import { Field } from '../../ui/field.tsx'
import { Input, TextArea } from '../../ui/input.tsx'
import type { Option } from '../../ui/option.ts'
import { RadioCards } from '../../ui/radio-cards.tsx'
import { Select } from '../../ui/select.tsx'
import { Slider } from '../../ui/slider.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TagInput } from '../../ui/tag-input.tsx'
import { parameterControl, parameterLabel, readList } from './parameter-field.ts'

export interface ParameterInputProps {
  readonly parameter: TemplateVersionParameter
  readonly value: string
  readonly error: string | undefined
  readonly onChange: (value: string) => void
  readonly onBlur: () => void
  readonly disabled: boolean
}

/** One parameter of a template with the control that suits it. */
export function ParameterInput(props: ParameterInputProps) {
  const { parameter, value, error, onBlur, disabled } = props
  const control = parameterControl(parameter)
  const label = parameterLabel(parameter)
  const help = parameter.description_plaintext || parameter.description || undefined
  if (control === 'switch' || control === 'checkbox')
    return <BooleanInput {...props} label={label} help={help} />
  return (
    <div
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) onBlur()
      }}
    >
      <Field
        label={label}
        help={help}
        error={error}
        disabled={disabled}
        optional={!parameter.required && parameter.default_value === '' && control !== 'slider'}
        hint={control === 'slider' ? value : parameter.mutable ? undefined : 'Cannot be changed later'}
      >
        <Control {...props} />
      </Field>
    </div>
  )
}

function BooleanInput({
  parameter,
  value,
  error,
  onChange,
  disabled,
  label,
  help,
}: ParameterInputProps & { readonly label: string; readonly help: string | undefined }) {
  const shared = {
    label,
    help: error ? <span className="text-bad-fg">{error}</span> : help,
    checked: value === 'true',
    disabled,
  }
  const set = (checked: boolean): void => onChange(String(checked))
  return parameterControl(parameter) === 'checkbox' ? (
    <Checkbox {...shared} onChange={set} />
  ) : (
    <Switch {...shared} onChange={set} />
  )
}

function Control({ parameter, value, onChange, disabled }: ParameterInputProps) {
  const options = parameter.options.map((option): Option => ({
    value: option.value,
    label: option.name,
    description: option.description || undefined,
  }))
  switch (parameterControl(parameter)) {
    case 'radio':
      return <RadioCards options={options} value={value || null} onChange={onChange} disabled={disabled} />
    case 'select':
      return <Select options={options} value={value || null} onChange={onChange} disabled={disabled} />
    case 'multi-select':
      return (
        <MultiSelect
          options={options}
          value={readList(value)}
          onChange={(next) => onChange(JSON.stringify(next))}
          disabled={disabled}
        />
      )
    case 'tags':
      return (
        <TagInput
          value={readList(value)}
          onChange={(next) => onChange(JSON.stringify(next))}
          placeholder="Enter adds one"
          disabled={disabled}
        />
      )
    case 'slider':
      return (
        <Slider
          value={Number(value)}
          onChange={(next) => onChange(String(next))}
          min={parameter.validation_min ?? 0}
          max={parameter.validation_max ?? 100}
          disabled={disabled}
        />
      )
    case 'textarea':
      return <TextArea value={value} onChange={(event) => onChange(event.target.value)} disabled={disabled} />
    case 'number':
      return (
        <Input
          inputMode="numeric"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          disabled={disabled}
        />
      )
    default:
      return <Input value={value} onChange={(event) => onChange(event.target.value)} disabled={disabled} />
  }
}
