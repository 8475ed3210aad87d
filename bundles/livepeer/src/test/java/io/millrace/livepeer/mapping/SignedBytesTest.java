package io.millrace.livepeer.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.VideoProfile;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.livepeer.support.TestAccount;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is signed, byte for byte: known signatures by a known key come out, and verify. */
class SignedBytesTest {

    private static final TestAccount ACCOUNT =
            new TestAccount("fad9c8855b740a0b7ed4c221dbad0f33a83a49cad6b3fe8d5817ac83d38b6a19");
    private static final VideoProfile P144 = VideoProfile.h264("P144p30fps16x9", 256, 144, 400_000, 30);
    private static final VideoProfile P240 = VideoProfile.h264("P240p30fps16x9", 426, 240, 600_000, 30);

    @Test
    void anAddressIsWrittenInMixedCase() {
        assertEquals("0x96216849c49358B10257cb55b28eA603c874b05E", ChecksumAddress.text(ACCOUNT.address()));
        assertEquals(
                "0x0000000000000000000000000000000000000000", ChecksumAddress.text(Address.NONE));
    }

    @Test
    void aRequestForAnOfferIsSignedOverTheTextOfTheAddress() {
        Bytes digest = ChecksumAddress.digest(ACCOUNT.address());
        assertEquals("ee96633aed042ac52aa7069ecf77197b72b4eaf865c41905e4e184b7b2a54799", digest.hex());
        assertEquals(
                "a224e17c21555def269cf7f7c379a974b62870990c56c1ea81e6aeac3c5758be"
                        + "2a3e1bf6419b39e2d245d7e309d02a492f5b9a5e7b9f8479c71dfbc24af8398d1b",
                ACCOUNT.sign(digest).hex());
    }

    @Test
    void aSegmentIsFlattenedFromItsNameNumberHashAndProfileNames() {
        Bytes hash = Bytes.wrap(Arrays.copyOf("browns".getBytes(StandardCharsets.US_ASCII), 32));
        byte[] manifest = "abcdef".getBytes(StandardCharsets.US_ASCII);
        assertEquals(
                "616263646566"
                        + "00000000000000000000000000000000000000000000000000000000000004d2"
                        + "62726f776e730000000000000000000000000000000000000000000000000000"
                        + "6663613430626639" + "6330613635313761",
                SegmentDigest.flatten(manifest, 1234, hash, List.of(P144, P240)).hex());
        Bytes digest = SegmentDigest.of(manifest, 1234, hash, List.of(P144, P240));
        assertEquals("08a398e7e7a5a545b0b07d9e7e1eab52b4131e0df1621bd53ee6e7550a15465b", digest.hex());
        assertEquals(
                "2945988381ea7d951f20a5742abbef701c88aeb7cbab85dcff86082255373448"
                        + "39ceeaff03cbc9b879201e0cc9dd6497e4cfe928ce3c53499f9a360d7609039b1c",
                ACCOUNT.sign(digest).hex());
    }

    @Test
    void aNegativeSequenceNumberIsSignedWithoutItsSign() {
        Bytes hash = Bytes.wrap(new byte[32]);
        assertEquals(
                SegmentDigest.of(new byte[0], 7, hash, List.of()), SegmentDigest.of(new byte[0], -7, hash, List.of()));
    }

    @Test
    void profilesHaveTheirKnownIds() {
        assertEquals("fca40bf9", SegmentDigest.profileId("P144p30fps16x9"));
        assertEquals("c0a6517a", SegmentDigest.profileId("P240p30fps16x9"));
        assertEquals("c5d24601", SegmentDigest.profileId(""));
    }

    @Test
    void theDigestOfAResultIsSigned() {
        Bytes digest = Bytes.hex("93712e35ddb18ec5abb0b96db85b7e5215883003258936121c54b46d3599d914");
        assertEquals(
                "cdce0d07e724082665d488f03e4e2592afd64bef4011e61d230687ec46ae28a5"
                        + "204c08c45aee9897d9fb8e987f62b757cdb75d95ca68c477c72ebb3e301e709a1b",
                ACCOUNT.sign(digest).hex());
    }

    @Test
    void theVerifierOfTheseTestsKnowsTheNetworksOwnVectors() {
        Address signer = new Address(Bytes.hex("3BadDb1eeE2105893136A3F96c8a963E9C6309d6"));
        Bytes digest = Bytes.hex("b7da355477356fc4c47fcabcf232dc77a6db9b07b7e48b76261cc55cc8fbabb3");
        Bytes good = Bytes.hex("206443228e8f784bc3a122de0d85eb3ebff82d6a79cca26c7eeb907099a6404f"
                + "6dff57bc6828f28bd6cd073c89d94cf3364204679ed8365fa45b5ee6af19a9841c");
        Bytes highS = Bytes.hex("e742ff452d41413616a5bf43fe15dd88294e983d3d36206c2712f39083d638bd"
                + "e0a0fc89be718fbc1033e1d30d78be1c68081562ed2e97af876f286f3453231d1b");
        assertTrue(ACCOUNT.verify(signer, digest, good));
        assertFalse(ACCOUNT.verify(signer, digest, highS));
    }
}
