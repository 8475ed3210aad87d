package io.millrace.ops.console;

import org.apache.felix.webconsole.spi.BrandingPlugin;
import org.osgi.service.component.annotations.Component;

/** The name, logo and style sheet of the web console's pages; all of them come from this node. */
@Component(service = BrandingPlugin.class)
public final class ConsoleBranding implements BrandingPlugin {

    /** The console puts its own root in front of what begins with a slash; these are beside it. */
    private static final String ASSETS = "/../../assets/";

    private static final String NAME = "Millrace";
    private static final String ICON = ASSETS + "icon.svg";
    private static final String START = "/system/console/" + NodePage.LABEL;

    @Override
    public String getBrandName() {
        return NAME;
    }

    @Override
    public String getProductName() {
        return NAME;
    }

    @Override
    public String getProductURL() {
        return START;
    }

    @Override
    public String getProductImage() {
        return ICON;
    }

    @Override
    public String getVendorName() {
        return NAME;
    }

    @Override
    public String getVendorURL() {
        return START;
    }

    @Override
    public String getVendorImage() {
        return ICON;
    }

    @Override
    public String getFavIcon() {
        return ICON;
    }

    @Override
    public String getMainStyleSheet() {
        return ASSETS + "console.css";
    }
}
