/** Whose values, and for which server of which deployment. */
export interface VaultPlace {
  readonly deploymentId: string
  readonly userId: string
  readonly serverId: string
}

/** Values by header name, in the spelling they were saved with. */
export type VaultValues = Readonly<Record<string, string>>

/** When a value was saved, in epoch milliseconds, by the names of {@link VaultValues}; of older ones that is not known. */
export type VaultTimes = Readonly<Record<string, number>>
