import type { InferContractRouterInputs } from '@orpc/contract'
import type { pseudoGloss } from '#shared/contract/pseudo-gloss.ts'

/** What the methods of the contract are asked with. */
export type Inputs = InferContractRouterInputs<typeof pseudoGloss>
