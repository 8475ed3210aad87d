package io.millrace.settings;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A bundle's declarations. */
final class Samples {

    static final Pid MILL = Pid.of("org.example.mill");
    static final Pid DOOR = Pid.of("org.example.door~north");

    static final String MILL_XML =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.2.0">
              <OCD id="mill" name="Mill">
                <AD id="wheels" type="Integer" min="1" max="9" default="2"/>
                <AD id="pauseSeconds" type="Integer" min="0" default="5" description="Pause."/>
                <AD id="grain" type="String" default="rye">
                  <Option label="Rye" value="rye"/>
                  <Option label="Wheat" value="wheat"/>
                </AD>
                <AD id="ports" type="Integer" cardinality="2147483647" required="false" default="" min="0" max="65535"/>
                <AD id="open" type="Boolean" default="true"/>
                <AD id="speed" type="Double" default="1.5" min="0.5"/>
                <AD id="secret" type="Password" default=""/>
              </OCD>
              <Designate pid="org.example.mill"><Object ocdref="mill"/></Designate>
            </metatype:MetaData>
            """;

    static final String DOOR_XML =
            """
            <MetaData>
              <OCD id="door" name="Door"><AD id="address" type="String" name="Address"/></OCD>
              <Designate factoryPid="org.example.door"><Object ocdref="door"/></Designate>
            </MetaData>
            """;

    private Samples() {}

    static Schema schema() {
        return Schema.all(List.of(schema(MILL_XML), schema(DOOR_XML)));
    }

    static Schema schema(String xml) {
        try {
            return Schema.read(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
