/**
 * What is paid and what is asked: nothing by an off-chain node ({@link io.millrace.kernel.payment.OffChainPayee},
 * {@link io.millrace.kernel.payment.NoWalletComponent}), probabilistic tickets by one with an account
 * ({@link io.millrace.kernel.payment.TicketPayer}, {@link io.millrace.kernel.payment.TicketPayee}). Amounts are exact
 * fractions of wei; time is the clock that is given and the rounds and blocks of the settlement.
 *
 * <p>The gateway finds a payer among its services; the orchestrator is handed its payee. The components of on-chain
 * nodes, which settlement brings, bind wallet, ledger and settlement to one
 * {@link io.millrace.kernel.payment.MoneyPorts} a role, offer the payer as a service and hand the payee to the
 * orchestrator's component instead of the off-chain one; they call
 * {@link io.millrace.kernel.payment.TicketPayee#closeIdle} once a minute and keep the secret of
 * {@link io.millrace.kernel.payment.RecipientRandom} over an update of the bundle.
 */
package io.millrace.kernel.payment;
