package io.millrace.store;

import io.millrace.api.payment.BalanceKey.Side;
import io.millrace.api.payment.Ledger.Totals;
import io.millrace.api.value.Address;
import io.millrace.api.value.Rational;
import io.millrace.api.value.Wei;

/** The sums of one side and peer. */
record PeerTotals(
        Side side, Address peer, Rational value, Rational work, long winners, Wei faceValue, long redeemed, Wei paid)
        implements Totals {

    static PeerTotals none(Side side, Address peer) {
        return new PeerTotals(side, peer, Rational.ZERO, Rational.ZERO, 0, Wei.ZERO, 0, Wei.ZERO);
    }

    PeerTotals worth(Rational amount) {
        return new PeerTotals(side, peer, value.plus(amount), work, winners, faceValue, redeemed, paid);
    }

    PeerTotals worked(Rational amount) {
        return new PeerTotals(side, peer, value, work.plus(amount), winners, faceValue, redeemed, paid);
    }

    PeerTotals won(Wei amount) {
        return new PeerTotals(side, peer, value, work, winners + 1, faceValue.plus(amount), redeemed, paid);
    }

    PeerTotals redeemed(Wei amount) {
        return new PeerTotals(side, peer, value, work, winners, faceValue, redeemed + 1, paid.plus(amount));
    }
}
