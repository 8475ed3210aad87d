package io.millrace.wallet;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What an operator may set of the wallet. */
@ObjectClassDefinition(name = "Millrace wallet", description = "The account of a keystore file.")
@interface WalletSettings {

    @AttributeDefinition(
            name = "Keystore",
            description = "Keystore file of version 3, or a folder of them, as go-ethereum and go-livepeer make them."
                    + " An absolute path.")
    String keystore() default "";

    @AttributeDefinition(
            name = "Account",
            description = "Address of the account, 0x and 40 digits. Empty: the one of the file, or the only one of"
                    + " the folder.")
    String account() default "";

    @AttributeDefinition(
            name = "Password",
            type = AttributeType.PASSWORD,
            description = "Where the password of the keystore file is: file:/absolute/path or env:NAME, not the"
                    + " password itself; empty where the password is empty.")
    String password() default "";

    @AttributeDefinition(
            name = "Account of the orchestrator",
            description = "Address of the orchestrator that this node works for, where the key of its stake is kept"
                    + " elsewhere: tickets are made out to it, and this node cannot sign for it. 0x and 40 digits."
                    + " Empty: the account of the keystore is the orchestrator.")
    String orchestratorAccount() default "";
}
