package io.millrace.arbitrum.devnet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.math.BigInteger;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.parsson.JsonProviderImpl;
import org.junit.jupiter.api.Test;

/** The file as the format's definition has it read. */
class DevKeystoreTest {

    @Test
    void theKeyIsFoundAgainWithTheEmptyPassword() throws Exception {
        DevAccount account = DevAccount.of(1);
        JsonObject file = new JsonProviderImpl()
                .createReader(new StringReader(DevKeystore.of(account)))
                .readObject();
        JsonObject crypto = file.getJsonObject("crypto");
        JsonObject kdf = crypto.getJsonObject("kdfparams");
        byte[] derived = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(new PBEKeySpec(
                        new char[0], Bytes.hex(kdf.getString("salt")).toArray(), kdf.getInt("c"), 256))
                .getEncoded();
        byte[] encrypted = Bytes.hex(crypto.getString("ciphertext")).toArray();
        assertEquals(
                Bytes.hex(crypto.getString("mac")), Keccak256.of(Arrays.copyOfRange(derived, 16, 32), encrypted));
        Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(Arrays.copyOf(derived, 16), "AES"),
                new IvParameterSpec(Bytes.hex(crypto.getJsonObject("cipherparams").getString("iv"))
                        .toArray()));
        assertEquals(account.key(), new BigInteger(1, cipher.doFinal(encrypted)));
        assertEquals(account.address().bytes().hex(), file.getString("address"));
        assertEquals(3, file.getInt("version"));
    }
}
