import { useState } from 'react'
import { Segmented } from '../../ui/segmented.tsx'
import { OwnUsage } from './own-usage.tsx'
import { PeopleUsage } from './people-usage.tsx'
import { lastDays } from './usage-period.ts'

export interface UsageProps {
  readonly deploymentId: string
  readonly mayManage: boolean
}

const spans = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
] as const
const sides = [
  { value: 'own', label: 'Mine' },
  { value: 'all', label: 'Everybody’s' },
] as const

/** What chats cost: the user's own, and everybody's for who may see them. */
export function Usage({ deploymentId, mayManage }: UsageProps) {
  const [whose, setWhose] = useState<'own' | 'all'>('own')
  const [days, setDays] = useState<'7' | '30' | '90'>('30')
  // As of the visit: a period that moved with the clock would be another question every second.
  const [now] = useState(() => Date.now())
  const props = { deploymentId, period: lastDays(Number(days), now), days: Number(days) }
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        {mayManage ? (
          <Segmented aria-label="Whose usage" options={sides} value={whose} onChange={setWhose} />
        ) : null}
        <span className="ml-auto">
          <Segmented aria-label="Period" options={spans} value={days} onChange={setDays} />
        </span>
      </div>
      {whose === 'own' ? <OwnUsage {...props} /> : <PeopleUsage key={days} {...props} />}
    </>
  )
}
