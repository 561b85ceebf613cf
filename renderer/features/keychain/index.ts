export { KeychainBanner, UnlockButton } from './keychain-banner.tsx'
