package io.millrace.ops.bundles;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/** Says in words what a bundle needs to be resolved and no bundle has. */
final class MissingRequirements {

    private static final String API = "io.millrace.api";
    private static final Pattern NAME = Pattern.compile("\\((?:osgi\\.wiring\\.package|osgi\\.ee|osgi\\.extender"
            + "|osgi\\.wiring\\.bundle|osgi\\.wiring\\.host|objectClass)=([^)]*)\\)");
    private static final Pattern FROM = Pattern.compile("\\((?:bundle-)?version>=([^)]*)\\)");
    private static final Pattern BELOW = Pattern.compile("\\(!\\((?:bundle-)?version>=([^)]*)\\)\\)");
    private static final Pattern EXACT = Pattern.compile("\\((?:bundle-)?version=([^)]*)\\)");

    private final List<Bundle> providers;
    private final ShippedBundles offers;

    /** Looks among {@code providers}; what those lack, {@code offers} may have. */
    MissingRequirements(List<Bundle> providers, ShippedBundles offers) {
        this.providers = providers;
        this.offers = offers;
    }

    List<String> of(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (revision == null) {
            return List.of();
        }
        Set<String> lines = new LinkedHashSet<>();
        for (BundleRequirement requirement : revision.getDeclaredRequirements(null)) {
            if (isMandatory(requirement) && !isMet(requirement)) {
                lines.add(line(requirement));
            }
        }
        return List.copyOf(lines);
    }

    private static boolean isMandatory(BundleRequirement requirement) {
        return !"optional".equals(requirement.getDirectives().get(Constants.RESOLUTION_DIRECTIVE))
                && !"dynamic".equals(requirement.getDirectives().get(Constants.RESOLUTION_DIRECTIVE))
                && "resolve".equals(
                        requirement.getDirectives().getOrDefault(Constants.EFFECTIVE_DIRECTIVE, "resolve"));
    }

    private boolean isMet(BundleRequirement requirement) {
        return capabilities(requirement.getNamespace()).stream().anyMatch(requirement::matches);
    }

    private List<BundleCapability> capabilities(String namespace) {
        List<BundleCapability> all = new ArrayList<>();
        for (Bundle provider : providers) {
            BundleRevision revision = provider.adapt(BundleRevision.class);
            if (revision != null) {
                all.addAll(revision.getDeclaredCapabilities(namespace));
            }
        }
        return all;
    }

    private String line(BundleRequirement requirement) {
        String filter = requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
        String name = first(NAME, filter).orElse(filter);
        String range = range(filter);
        return switch (requirement.getNamespace()) {
            case PackageNamespace.PACKAGE_NAMESPACE -> ofPackage(name, range, requirement);
            case ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE ->
                "Java " + first(EXACT, filter).orElse(range) + ": this node runs on Java "
                        + Runtime.version().feature();
            case "osgi.wiring.bundle" -> "bundle " + name + range + offers.ofBundle(name);
            case "osgi.wiring.host" -> "host bundle " + name + range + offers.ofBundle(name);
            default -> requirement.getNamespace() + " " + name + range;
        };
    }

    private String ofPackage(String name, String range, BundleRequirement requirement) {
        Set<String> here = new TreeSet<>();
        for (BundleCapability capability : capabilities(PackageNamespace.PACKAGE_NAMESPACE)) {
            if (name.equals(capability.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE))) {
                here.add(capability.getAttributes().get(PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE) + " of "
                        + capability.getRevision().getSymbolicName());
            }
        }
        if (here.isEmpty()) {
            return "package " + name + range + offers.ofPackage(name, filter(requirement));
        }
        boolean api = name.equals(API) || name.startsWith(API + ".");
        return "package " + name + range + ": this node has " + String.join(" and ", here)
                + (api ? "; build the bundle against the api of this node, or run a node of its version" : "");
    }

    private static Filter filter(BundleRequirement requirement) {
        try {
            return FrameworkUtil.createFilter(requirement.getDirectives().get(Constants.FILTER_DIRECTIVE));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("the framework took this filter", e);
        }
    }

    private static Optional<String> first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** As it is written in manifests, with a blank before it; empty for any version. */
    static String range(String filter) {
        Optional<String> from = first(FROM, BELOW.matcher(filter).replaceAll(""));
        Optional<String> below = first(BELOW, filter);
        if (from.isEmpty() && below.isEmpty()) {
            return "";
        }
        String least = from.map(MissingRequirements::brief).orElse("0");
        return below.map(most -> " [" + least + "," + brief(most) + ")").orElse(" " + least + " or newer");
    }

    private static String brief(String version) {
        return version.replaceFirst("(\\.0)+$", "");
    }
}
