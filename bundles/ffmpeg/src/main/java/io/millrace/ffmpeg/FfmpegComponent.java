package io.millrace.ffmpeg;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.Reservation;
import io.millrace.api.job.JobSpec;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Registration;
import io.millrace.api.value.SessionId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The pipeline as a service. */
@Component(service = Pipeline.class, configurationPid = "io.millrace.ffmpeg", immediate = true)
@Designate(ocd = FfmpegSettings.class)
public final class FfmpegComponent implements Pipeline {

    private final FfmpegPipeline pipeline;

    /** Starts it; a setting that makes no sense is an error that names it. */
    @Activate
    public FfmpegComponent(
            @Reference(target = "(" + Budget.RESOURCE + "=" + Budget.NATIVE + ")") Budget memory,
            FfmpegSettings settings) {
        pipeline = new FfmpegPipeline(options(settings), memory, InstantSource.system());
        pipeline.warmUp();
    }

    /** Segments that begin from now on are made in the new way; unusable settings are refused and change nothing. */
    @Modified
    void change(FfmpegSettings settings) {
        pipeline.change(options(settings));
    }

    private static CodecOptions options(FfmpegSettings settings) {
        String directory = settings.cacheDirectory().strip();
        return new CodecOptions(
                CodecOptions.encoders(settings.encoder().strip()),
                settings.preset().strip(),
                CodecOptions.concurrency(settings.concurrency()),
                settings.sessions(),
                settings.maxMegapixelsPerSecond() * CodecOptions.MEGAPIXEL,
                directory.isEmpty() ? null : Path.of(directory),
                Duration.ofSeconds(settings.quietSeconds()),
                Duration.ofSeconds(settings.stopSeconds()));
    }

    @Override
    public String name() {
        return pipeline.name();
    }

    @Override
    public Capabilities capabilities() {
        return pipeline.capabilities();
    }

    @Override
    public Registration watch(Runnable changed) {
        return pipeline.watch(changed);
    }

    @Override
    public String detail() {
        return pipeline.detail();
    }

    @Override
    public Reservation reserve(SessionId session, JobSpec spec) {
        return pipeline.reserve(session, spec);
    }

    @Deactivate
    void stop() {
        pipeline.close();
    }
}
