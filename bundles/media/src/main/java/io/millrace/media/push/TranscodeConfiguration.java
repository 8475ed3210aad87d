package io.millrace.media.push;

import io.millrace.api.job.VideoProfile;
import io.millrace.media.json.BoundedJson;
import io.millrace.media.json.JsonFields;
import io.millrace.media.json.MalformedJson;
import io.millrace.media.profile.InvalidProfile;
import io.millrace.media.profile.JsonProfile;
import io.millrace.media.profile.Presets;
import jakarta.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The options of a push that come in the header {@value #HEADER}.
 *
 * @param manifest the name that the stream shall have inside, empty for that of the address
 * @param presets names, of which unknown ones are skipped
 * @param profiles empty when there are none, which is not the same as an array of none
 * @param timeoutMultiplier stretches the time allowed for a segment; 0 when not given
 * @param storage whether results are wanted in a store of the sender's own
 */
record TranscodeConfiguration(
        String manifest,
        List<String> presets,
        Optional<List<JsonProfile>> profiles,
        int timeoutMultiplier,
        boolean storage) {

    static final String HEADER = "Livepeer-Transcode-Configuration";

    private static final String PATH = "authWebhookResponse";

    /** Reads the header's value: types only, values are looked at when the stream begins. */
    static TranscodeConfiguration parse(String json) throws MalformedJson {
        JsonFields fields = JsonFields.of(PATH, BoundedJson.parse(json));
        Optional<JsonArray> profiles = fields.array("profiles", "[]ffmpeg.JsonProfile");
        return new TranscodeConfiguration(
                fields.text("manifestID"),
                fields.texts("presets"),
                profiles.isEmpty()
                        ? Optional.empty()
                        : Optional.of(JsonProfile.list("JsonProfile.profiles", profiles.get())),
                fields.integer("timeoutMultiplier"),
                !fields.text("objectStore").isEmpty() || !fields.text("recordObjectStore").isEmpty());
    }

    /** Presets first, then profiles; the node's own only when neither is given. An empty array means none at all. */
    List<VideoProfile> profilesOr(List<VideoProfile> defaults) throws InvalidProfile {
        if (presets.isEmpty() && profiles.isEmpty()) {
            return defaults;
        }
        if (presets.size() > JsonProfile.MAX_PROFILES) {
            throw new InvalidProfile("more than " + JsonProfile.MAX_PROFILES + " presets");
        }
        List<VideoProfile> wanted = new ArrayList<>(Presets.named(presets));
        wanted.addAll(JsonProfile.checked(profiles.orElse(List.of())));
        return JsonProfile.distinct(wanted);
    }
}
