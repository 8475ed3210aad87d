package io.millrace.livepeer.ai;

import io.millrace.api.value.Capability;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The AI pipelines of the network that answer single requests, and the fields of their requests in the order of the wire
 * (go-livepeer: ai/worker/multipart.go). What is not named here is left out, as in the network.
 */
enum AiPipeline {
    TEXT_TO_IMAGE(
            Capability.TEXT_TO_IMAGE,
            "stabilityai/sdxl-turbo",
            "",
            "prompt model_id loras height# width# guidance_scale% negative_prompt safety_check? seed#"
                    + " num_inference_steps# num_images_per_prompt#"),
    IMAGE_TO_IMAGE(
            Capability.IMAGE_TO_IMAGE,
            "stabilityai/sdxl-turbo",
            "image",
            "prompt model_id loras strength% guidance_scale% image_guidance_scale% negative_prompt safety_check? seed#"
                    + " num_images_per_prompt# num_inference_steps#"),
    IMAGE_TO_VIDEO(
            Capability.IMAGE_TO_VIDEO,
            "stabilityai/stable-video-diffusion-img2vid-xt",
            "image",
            "model_id height# width# fps# motion_bucket_id# noise_aug_strength% seed# safety_check?"
                    + " num_inference_steps#"),
    UPSCALE(
            Capability.UPSCALE,
            "stabilityai/stable-diffusion-x4-upscaler",
            "image",
            "prompt model_id safety_check? seed# num_inference_steps#"),
    AUDIO_TO_TEXT(
            Capability.AUDIO_TO_TEXT, "openai/whisper-large-v3", "audio", "model_id return_timestamps metadata"),
    SEGMENT_ANYTHING_2(
            Capability.SEGMENT_ANYTHING_2,
            "facebook/sam2-hiera-large",
            "image",
            "model_id point_coords point_labels box mask_input multimask_output? return_logits? normalize_coords?"),
    LLM(
            Capability.LLM,
            "meta-llama/llama-3.1-8B-Instruct",
            "",
            "max_tokens# messages* model stream? temperature% top_k# top_p%"),
    IMAGE_TO_TEXT(Capability.IMAGE_TO_TEXT, "Salesforce/blip-image-captioning-large", "image", "prompt model_id"),
    TEXT_TO_SPEECH(Capability.TEXT_TO_SPEECH, "parler-tts/parler-tts-large-v1", "", "description model_id text");

    /** What the values of a field are. */
    enum Kind {
        TEXT,
        WHOLE,
        NUMBER,
        TRUTH,
        MESSAGES
    }

    /** A field of a request. */
    record Field(String name, Kind kind) {}

    final int capability;

    /** The model of a request that names none (go-livepeer: server/ai_process.go). */
    final String model;

    /** The name of the part that holds the image or the sound; empty where the request is JSON. */
    final String media;

    final List<Field> fields;

    AiPipeline(int capability, String model, String media, String fields) {
        this.capability = capability;
        this.model = model;
        this.media = media;
        this.fields = Stream.of(fields.split(" ")).map(AiPipeline::field).toList();
    }

    private static Field field(String text) {
        int last = text.length() - 1;
        Kind kind = switch (text.charAt(last)) {
            case '#' -> Kind.WHOLE;
            case '%' -> Kind.NUMBER;
            case '?' -> Kind.TRUTH;
            case '*' -> Kind.MESSAGES;
            default -> Kind.TEXT;
        };
        return new Field(kind == Kind.TEXT ? text : text.substring(0, last), kind);
    }

    /** The pipeline at {@code /name} of a node. */
    static Optional<AiPipeline> at(String path) {
        return Stream.of(values()).filter(one -> path.equals("/" + one.wireName())).findFirst();
    }

    String wireName() {
        return Capability.pipeline(capability).orElseThrow();
    }

    /** The field that names the model. */
    String modelField() {
        return this == LLM ? "model" : "model_id";
    }

    boolean isJson() {
        return media.isEmpty();
    }
}
