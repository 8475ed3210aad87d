package io.millrace.settings;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParser;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** Reads a metatype XML that anybody may have written: no document type, nothing from elsewhere, bounded. */
final class MetatypeXml extends DefaultHandler {

    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_SETTINGS = 2_000;
    private static final String NO_DOCTYPE = "http://apache.org/xml/features/disallow-doctype-decl";

    private record Designate(String pid, boolean factory, String ocd) {}

    private final Map<String, List<Setting>> classes = new HashMap<>();
    private final Map<String, Schema.Title> titles = new HashMap<>();
    private final List<Designate> designates = new ArrayList<>();
    private final List<Setting.Option> options = new ArrayList<>();
    private List<Setting> ocd = new ArrayList<>();
    private Setting open;
    private String pid;
    private boolean factory;
    private int settings;

    private MetatypeXml() {}

    static Schema read(InputStream xml) throws IOException {
        byte[] bytes = xml.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new IOException("a declaration of settings has more than " + MOST_BYTES + " bytes");
        }
        MetatypeXml handler = new MetatypeXml();
        try {
            SAXParserFactory parsers = SAXParserFactory.newDefaultInstance();
            parsers.setFeature(NO_DOCTYPE, true);
            SAXParser parser = parsers.newSAXParser();
            parser.parse(new InputSource(new ByteArrayInputStream(bytes)), handler);
        } catch (SAXException | ParserConfigurationException e) {
            throw new IOException("a declaration of settings cannot be read: " + e.getMessage(), e);
        }
        return handler.schema();
    }

    private Schema schema() {
        Map<String, Map<String, Setting>> kinds = new HashMap<>();
        Set<String> factories = new HashSet<>();
        Map<String, Schema.Title> named = new HashMap<>();
        for (Designate designate : designates) {
            List<Setting> declared = classes.getOrDefault(designate.ocd, List.of()).stream()
                    .map(setting -> setting.in(designate.pid))
                    .toList();
            kinds.putIfAbsent(designate.pid, Schema.ordered(declared));
            Schema.Title title = titles.get(designate.ocd);
            if (title != null) {
                named.putIfAbsent(designate.pid, title.name().isEmpty() ? new Schema.Title(designate.pid, "") : title);
            }
            if (designate.factory) {
                factories.add(designate.pid);
            }
        }
        return new Schema(kinds, factories, named);
    }

    @Override
    public void startElement(String uri, String local, String qualified, Attributes attributes) throws SAXException {
        switch (qualified.substring(qualified.indexOf(':') + 1)) {
            case "OCD" -> {
                String id = value(attributes, "id").orElse("");
                classes.put(id, ocd = new ArrayList<>());
                titles.put(id, new Schema.Title(
                        value(attributes, "name").orElse(""), value(attributes, "description").orElse("")));
            }
            case "AD" -> {
                if (++settings > MOST_SETTINGS) {
                    throw new SAXException("more than " + MOST_SETTINGS + " settings");
                }
                open = setting(attributes);
                options.clear();
            }
            case "Option" -> {
                String option = value(attributes, "value").orElse("");
                options.add(new Setting.Option(option, value(attributes, "label").orElse(option)));
            }
            case "Designate" -> {
                Optional<String> kind = value(attributes, "factoryPid").filter(text -> !text.isEmpty());
                factory = kind.isPresent();
                pid = kind.or(() -> value(attributes, "pid")).orElse("");
            }
            case "Object" -> designates.add(new Designate(pid, factory, value(attributes, "ocdref").orElse("")));
            default -> {
                // Icons and what later versions bring say nothing about values.
            }
        }
    }

    @Override
    public void endElement(String uri, String local, String qualified) {
        if (qualified.endsWith("AD") && open != null) {
            ocd.add(open.with(options));
            open = null;
        }
    }

    /** Warnings and errors that the parser could go on after are refused too. */
    @Override
    public void error(SAXParseException e) throws SAXException {
        throw e;
    }

    private static Optional<String> value(Attributes attributes, String name) {
        return Optional.ofNullable(attributes.getValue(name));
    }

    private static Setting setting(Attributes attributes) {
        String key = value(attributes, "id").orElse("");
        Type type = Type.of(value(attributes, "type").orElse("String"));
        return new Setting(
                "",
                key,
                type,
                !value(attributes, "cardinality").orElse("0").equals("0"),
                !value(attributes, "required").orElse("true").equals("false"),
                value(attributes, "name").orElse(key),
                value(attributes, "description").orElse(""),
                value(attributes, "default").map(MetatypeXml::plain),
                bound(type, value(attributes, "min")),
                bound(type, value(attributes, "max")),
                List.of());
    }

    /** A default without its escapes and the blanks around it, as the Metatype Service writes it in an AD. */
    private static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        int end = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escaped = c == '\\' && i + 1 < text.length();
            if (escaped) {
                // In a list an escaped comma then separates values: the form of our files has no escape for it.
                c = text.charAt(++i);
            }
            if (escaped || !Character.isWhitespace(c)) {
                end = plain.append(c).length();
            } else if (end > 0) {
                plain.append(c);
            }
        }
        return plain.substring(0, end);
    }

    /** A bound that is no number bounds nothing. */
    private static Optional<String> bound(Type type, Optional<String> text) {
        return text.map(String::strip).filter(bound -> (type.number() ? type : Type.LONG).number(bound).isPresent());
    }
}
