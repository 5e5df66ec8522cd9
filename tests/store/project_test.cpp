#include "core/base/error.h"
#include "core/data/import.h"
#include "core/store/project.h"
#include "core/store/project_check.h"
#include "core/store/project_place.h"
#include "tests/support/test_data.h"

#include <QProcess>
#include <fstream>
#include <future>
#include <numbers>

using namespace kino;
namespace fs = std::filesystem;

namespace {

/** A table as an NGIMU writes it: 100 Hz, one gap of two seconds, one field without a number. */
std::string table(int rows, double firstAcceleration = 1.0)
{
    std::string text = "Time (s),Gyroscope X (deg/s),Gyroscope Y (deg/s),Gyroscope Z (deg/s),"
                       "Accelerometer X (g),Accelerometer Y (g),Accelerometer Z (g)\n";
    for (int row = 0; row < rows; ++row) {
        const int hundredths = row < rows / 2 ? row : row + 200;
        text += std::to_string(hundredths / 100) + "." + (hundredths % 100 < 10 ? "0" : "") + std::to_string(hundredths % 100);
        text += ",90,0," + std::to_string(row % 7) + "," + (row == 0 ? std::to_string(firstAcceleration) : "0.5");
        text += row == 3 ? ",,1\n" : ",0,1\n";
    }
    return text;
}

Recording importOne(const fs::path &path)
{
    ImportOutcome outcome = importPaths(std::vector<fs::path>{path});
    if (outcome.recordings.size() != 1)
        throw std::runtime_error(outcome.failures.empty() ? "not one recording" : outcome.failures.front().message);
    return std::move(outcome.recordings.front());
}

bool sameNumbers(std::span<const float> a, std::span<const float> b)
{
    return std::ranges::equal(a, b, [](float x, float y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

void compareSamples(const Recording &actual, const Recording &expected)
{
    QCOMPARE(actual.devices.size(), expected.devices.size());
    for (std::size_t d = 0; d < expected.devices.size(); ++d) {
        QCOMPARE(actual.devices[d].name, expected.devices[d].name);
        QCOMPARE(actual.devices[d].streams.size(), expected.devices[d].streams.size());
        for (std::size_t s = 0; s < expected.devices[d].streams.size(); ++s) {
            const ImuStream &a = actual.devices[d].streams[s];
            const ImuStream &e = expected.devices[d].streams[s];
            QCOMPARE(a.name(), e.name());
            QCOMPARE(a.axes, e.axes);
            QCOMPARE(a.unit, e.unit);
            QCOMPARE(a.unitFound, e.unitFound);
            QCOMPARE(a.fullScale, e.fullScale);
            QCOMPARE(a.backwardTimes, e.backwardTimes);
            QVERIFY(std::ranges::equal(a.timesNs.values(), e.timesNs.values()));
            QCOMPARE(a.values.size(), e.values.size());
            for (std::size_t axis = 0; axis < e.values.size(); ++axis)
                QVERIFY(sameNumbers(a.values[axis], e.values[axis]));
        }
    }
}

template <class Work>
std::string sentenceOf(const Work &work)
{
    try {
        work();
    } catch (const Error &error) {
        return error.what();
    }
    return {};
}

bool says(const std::string &sentence, std::string_view words) { return sentence.find(words) != std::string::npos; }

bool reports(const Recording &recording, const char *code)
{
    return std::ranges::any_of(recording.report, [&](const ReportRow &row) { return row.code == code; });
}

} // namespace

class ProjectTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<test::TemporaryFolder>();
        m_file = m_folder->write("data/walk.csv", table(200));
        m_project = std::make_unique<Project>(Project::create(*m_folder / "p.kino"));
    }

    void cleanup()
    {
        m_project.reset();
        m_folder.reset();
    }

    void newProjectHasTheDesignedFolders()
    {
        QVERIFY(fs::is_regular_file(*m_folder / "p.kino/project.sqlite"));
        QVERIFY(fs::is_directory(m_project->cacheFolder()));
        QVERIFY(fs::is_directory(m_project->runsFolder()));
        QVERIFY(m_project->warnings().empty());
    }

    void projectIsNeverMadeOverSomethingElse()
    {
        QVERIFY(says(sentenceOf([&] { Project::create(*m_folder / "p.kino"); }), "already"));
        QVERIFY(says(sentenceOf([&] { Project::create(*m_folder / "data"); }), "data.kino"));
        m_folder->write("full.kino/thesis.txt", "mine");
        QVERIFY(says(sentenceOf([&] { Project::create(*m_folder / "full.kino"); }), "not empty"));
        QVERIFY(fs::exists(*m_folder / "full.kino/thesis.txt"));
        QVERIFY(!fs::exists(*m_folder / "full.kino/cache"));
    }

    void whatIsNoProjectIsSaid()
    {
        QVERIFY(says(sentenceOf([&] { Project::open(*m_folder / "none.kino"); }), "no such project"));
        QVERIFY(says(sentenceOf([&] { Project::open(*m_folder / "data"); }), "not a Kinoscope project"));
        m_folder->write("bad.kino/project.sqlite", std::string(5000, 'z'));
        QVERIFY(says(sentenceOf([&] { Project::open(*m_folder / "bad.kino"); }), "damaged"));
    }

    void addedRecordingComesBackWhole()
    {
        const Recording imported = importOne(m_file);
        const AddResult result = m_project->add(imported);
        QCOMPARE(result.outcome, AddOutcome::added);
        const Recording loaded = Project::open(m_project->folder()).loadRecording(result.id);
        QCOMPARE(loaded.name, imported.name);
        QCOMPARE(loaded.format, imported.format);
        QCOMPARE(loaded.epochNs, imported.epochNs);
        QCOMPARE(loaded.report.size(), imported.report.size());
        compareSamples(loaded, imported);
        QVERIFY(std::isnan(loaded.devices.at(0).streams.at(0).values.at(1)[3]) ||
                std::isnan(loaded.devices.at(0).streams.at(1).values.at(1)[3]));
    }

    void listedNumbersAreThoseOfInspect()
    {
        const Recording imported = importOne(m_file);
        const RecordingId id = m_project->add(imported).id;
        const RecordingOverview expected = computeOverview(imported);
        const RecordingEntry entry = m_project->recording(id);
        QCOMPARE(entry.overview.size(), expected.size());
        for (std::size_t s = 0; s < expected.at(0).size(); ++s) {
            const StreamSummary &a = entry.overview.at(0).at(s).summary;
            const StreamSummary &e = expected.at(0).at(s).summary;
            QCOMPARE(a.timing.samples, e.timing.samples);
            QCOMPARE(a.timing.rateHz, e.timing.rateHz);
            QVERIFY(a.timing.gaps == e.timing.gaps);
            QCOMPARE(a.timing.gaps.size(), std::size_t{1});
            QCOMPARE(a.nanValues, e.nanValues);
            QCOMPARE(a.min, e.min);
            QCOMPARE(a.mean, e.mean);
            QCOMPARE(entry.overview.at(0).at(s).lastOwnNs, expected.at(0).at(s).lastOwnNs);
        }
    }

    void deletingTheCacheLosesNothing()
    {
        const Recording imported = importOne(m_file);
        const RecordingId id = m_project->add(imported).id;
        QVERIFY(!m_project->isCacheStale(id));
        fs::remove_all(m_project->cacheFolder());
        QVERIFY(m_project->isCacheStale(id));
        compareSamples(m_project->loadRecording(id), imported);
        QVERIFY(!m_project->isCacheStale(id));
    }

    void cachedRecordingOpensWithoutItsSource()
    {
        const Recording imported = importOne(m_file);
        const RecordingId id = m_project->add(imported).id;
        fs::remove(m_file);
        compareSamples(m_project->loadRecording(id), imported);
        QCOMPARE(m_project->sourceState(id), SourceState::missing);
        fs::remove_all(m_project->cacheFolder());
        QVERIFY(says(sentenceOf([&] { m_project->loadRecording(id); }), "no longer there"));
    }

    void damagedCacheIsMadeAgain()
    {
        const Recording imported = importOne(m_file);
        const RecordingId id = m_project->add(imported).id;
        int damaged = 0;
        for (const auto &entry : fs::recursive_directory_iterator(m_project->cacheFolder())) {
            if (entry.path().extension() == ".npy") {
                fs::resize_file(entry.path(), fs::file_size(entry.path()) / 2);
                ++damaged;
            }
        }
        QVERIFY(damaged > 0);
        QVERIFY(m_project->isCacheStale(id));
        compareSamples(m_project->loadRecording(id), imported);
    }

    void sameContentIsRecognised()
    {
        const RecordingId id = m_project->add(importOne(m_file)).id;
        const AddResult again = m_project->add(importOne(m_file));
        QCOMPARE(again.outcome, AddOutcome::known);
        QCOMPARE(again.id, id);
        const fs::path copy = m_folder->write("elsewhere/other name.csv", table(200));
        QCOMPARE(m_project->add(importOne(copy)).outcome, AddOutcome::known);
        QCOMPARE(m_project->recordings().size(), std::size_t{1});
    }

    void movedFileIsRecognisedWithAllThatBelongsToIt()
    {
        const RecordingId id = m_project->add(importOne(m_file)).id;
        m_project->replaceTier(id, {"activity", TierKind::label, {{{0}, {5}, "walk"}}});
        fs::create_directories(*m_folder / "archive");
        const fs::path moved = *m_folder / "archive/walk-1.csv";
        fs::rename(m_file, moved);
        const AddResult result = m_project->add(importOne(moved));
        QCOMPARE(result.outcome, AddOutcome::relocated);
        QCOMPARE(result.id, id);
        const RecordingEntry entry = m_project->recording(id);
        QCOMPARE(entry.recording.path, fs::canonical(moved));
        QCOMPARE(entry.recording.tiers.at(0).annotations.size(), std::size_t{1});
        QVERIFY(!m_project->isCacheStale(id)); // the content is the same
    }

    void missingFilesAreFoundBelowAFolder()
    {
        const RecordingId id = m_project->add(importOne(m_file)).id;
        m_folder->write("archive/a/walk.csv", table(200, 2.0)); // the right name, another content
        fs::create_directories(*m_folder / "archive/b");
        fs::rename(m_file, *m_folder / "archive/b/walk.csv");
        QVERIFY(m_project->relocate(*m_folder / "data").found.empty());
        QCOMPARE(m_project->relocate(*m_folder / "archive").found.size(), std::size_t{1});
        QCOMPARE(m_project->recording(id).recording.path, *m_folder / "archive/b/walk.csv");
        QCOMPARE(m_project->sourceState(id), SourceState::unchanged);
    }

    void changedFileIsSaidAndCanBeAccepted()
    {
        const RecordingId id = m_project->add(importOne(m_file)).id;
        m_project->replaceTier(id, {"activity", TierKind::label, {{{0}, {5}, "walk"}}});
        const std::string device = m_project->recording(id).recording.devices.at(0).name;
        m_project->setDeviceClock(id, device, {350'000'000, 40});
        m_folder->write("data/walk.csv", table(300, 2.0));
        QCOMPARE(m_project->sourceState(id), SourceState::changed);

        const Recording loaded = m_project->loadRecording(id);
        QVERIFY(reports(loaded, "source-changed"));
        QCOMPARE(loaded.devices.at(0).streams.at(0).samples(), std::size_t{300});

        const AddResult accepted = m_project->add(importOne(m_file));
        QCOMPARE(accepted.outcome, AddOutcome::updated);
        QCOMPARE(accepted.id, id);
        QCOMPARE(m_project->sourceState(id), SourceState::unchanged);
        const Recording renewed = m_project->loadRecording(id);
        QVERIFY(!reports(renewed, "source-changed"));
        QCOMPARE(renewed.devices.at(0).clock.offsetNs, 350'000'000);
        QCOMPARE(renewed.tiers.at(0).annotations.size(), std::size_t{1});
        QCOMPARE(m_project->recording(id).overview.at(0).at(0).summary.timing.samples, std::size_t{300});
    }

    void touchedFileIsUnchanged()
    {
        const RecordingId id = m_project->add(importOne(m_file)).id;
        fs::last_write_time(m_file, fs::last_write_time(m_file) + std::chrono::seconds(5));
        QCOMPARE(m_project->sourceState(id), SourceState::unchanged);
        QVERIFY(!m_project->isCacheStale(id));
        QVERIFY(!reports(m_project->loadRecording(id), "source-changed"));
    }

    void clocksAreKeptAndApplied()
    {
        const RecordingId id = m_project->add(importOne(m_file)).id;
        const std::string device = m_project->recording(id).recording.devices.at(0).name;
        m_project->setDeviceClock(id, device, {-1'234'567'890'123, -12.5});
        const Recording loaded = Project::open(m_project->folder()).loadRecording(id);
        QVERIFY(loaded.devices.at(0).clock == (ClockMap<DeviceClock>{-1'234'567'890'123, -12.5}));
        const std::string sentence = sentenceOf([&] { m_project->setDeviceClock(id, "nobody", {}); });
        QVERIFY(says(sentence, "nobody") && says(sentence, device));
        QVERIFY(says(sentenceOf([&] { m_project->setVideoClock(id, "clip", {}); }), "none"));
    }

    void imageSeriesAndClipTimesComeFromTheCache()
    {
        Recording recording = importOne(m_file);
        VideoTrack images;
        images.name = "camera";
        images.path = *m_folder / "data/frames";
        images.storage = VideoStorage::images;
        images.frames = 2;
        images.series = {{m_folder->write("data/frames/1.png", "one"), m_folder->write("data/frames/2.png", "two")}, {0, 33'000'000}};
        images.width = 4;
        images.end = {66'000'000};
        VideoTrack clip;
        clip.name = "depth";
        clip.path = m_folder->write("data/clip.mat", "three");
        clip.storage = VideoStorage::depthClip;
        clip.frames = 3;
        clip.clipTimesNs = {0, 1, 2};
        recording.videos = {images, clip};
        recording.files = {m_file, images.series.images[0], images.series.images[1], clip.path};
        const RecordingId id = m_project->add(recording).id;
        QCOMPARE(m_project->sourceFiles(id).size(), std::size_t{4});
        const Recording loaded = m_project->loadRecording(id);
        QCOMPARE(loaded.videos.at(0).storage, VideoStorage::images);
        QCOMPARE(loaded.videos.at(0).series.images, images.series.images);
        QCOMPARE(loaded.videos.at(0).series.timesNs, images.series.timesNs);
        QCOMPARE(loaded.videos.at(0).width, 4);
        QCOMPARE(loaded.videos.at(0).end.ns, 66'000'000);
        QCOMPARE(loaded.videos.at(1).clipTimesNs, clip.clipTimesNs);
        QCOMPARE(loaded.videos.at(1).path, clip.path);
    }

    void namesAreUniqueTagsAreSetsAndSubjectsAreKept()
    {
        const RecordingId first = m_project->add(importOne(m_file)).id;
        const RecordingId second = m_project->add(importOne(m_folder->write("more/walk.csv", table(220)))).id;
        QCOMPARE(m_project->recording(first).recording.name, std::string("walk"));
        QCOMPARE(m_project->recording(second).recording.name, std::string("walk (2)"));
        QVERIFY(says(sentenceOf([&] { m_project->renameRecording(second, "walk"); }), "another recording"));
        m_project->renameRecording(second, "Spaziergang im März");
        QCOMPARE(m_project->findRecording("Spaziergang im März"), second);
        QCOMPARE(m_project->findRecording(std::to_string(first)), first);
        QVERIFY(says(sentenceOf([&] { m_project->findRecording("run"); }), "there is: Spaziergang im März, walk"));
        QVERIFY(!sentenceOf([&] { m_project->findRecording("77"); }).empty());
        m_project->setTags(first, std::vector<std::string>{"b", "a", "b"});
        m_project->addTag(first, "c");
        m_project->addTag(first, "a");
        QCOMPARE(m_project->recording(first).tags, (std::vector<std::string>{"a", "b", "c"}));
        m_project->setSubject(first, "s7");
        QCOMPARE(m_project->recording(first).recording.subject, std::string("s7"));
    }

    void annotationEditsAndTheirUndo()
    {
        const RecordingId id = m_project->add(importOne(m_file)).id;
        const TierId tier = m_project->addTier(id, "activity", TierKind::label);
        QVERIFY(says(sentenceOf([&] { m_project->addTier(id, "activity", TierKind::text); }), "already"));
        const AnnotationId late = m_project->insertAnnotation(tier, {{10}, {20}, "run"});
        const AnnotationId early = m_project->insertAnnotation(tier, {{-5}, {10}, "walk"});
        auto tiers = m_project->tiers(id);
        QCOMPARE(tiers.at(0).annotations.at(0).id, early); // by start
        m_project->updateAnnotation(late, {{12}, {25}, "sprint"});
        QCOMPARE(m_project->tiers(id).at(0).annotations.at(1).annotation, (Annotation{{12}, {25}, "sprint"}));
        m_project->deleteAnnotation(early);
        QCOMPARE(m_project->tiers(id).at(0).annotations.size(), std::size_t{1});
        QCOMPARE(m_project->insertAnnotation(tier, {{-5}, {10}, "walk"}, early), early);
        QCOMPARE(m_project->tiers(id).at(0).annotations.at(0).id, early);
        QVERIFY(!sentenceOf([&] { m_project->updateAnnotation(987654, {{0}, {1}, "x"}); }).empty());
        QVERIFY(!sentenceOf([&] { m_project->insertAnnotation(tier, {{5}, {4}, "backwards"}); }).empty());
        QVERIFY(!sentenceOf([&] { m_project->insertAnnotation(tier + 1, {{5}, {6}, "x"}); }).empty());
        m_project->renameTier(tier, "gait");
        m_project->removeTier(tier);
        QVERIFY(m_project->tiers(id).empty());
    }

    void replacingTiersIsAllOrNothing()
    {
        const RecordingId id = m_project->add(importOne(m_file)).id;
        m_project->replaceTier(id, {"a", TierKind::text, {{{0}, {1}, "old"}}});
        const std::vector<AnnotationTier> bad{{"a", TierKind::text, {{{0}, {1}, "new"}}}, {"b", TierKind::text, {{{3}, {2}, "x"}}}};
        QVERIFY(!sentenceOf([&] { m_project->replaceTiers(id, bad); }).empty());
        QCOMPARE(m_project->tiers(id).size(), std::size_t{1});
        QCOMPARE(m_project->tiers(id).at(0).annotations.at(0).annotation.label, std::string("old"));
        const std::vector<AnnotationTier> good{{"a", TierKind::text, {{{0}, {1}, "new"}}}, {"", TierKind::text, {}}};
        QVERIFY(!sentenceOf([&] { m_project->replaceTiers(id, good); }).empty()); // a tier without a name
        QCOMPARE(m_project->tiers(id).at(0).annotations.at(0).annotation.label, std::string("old"));
    }

    void settingsComeBack()
    {
        QVERIFY(!m_project->setting("window"));
        m_project->setSetting("window", {{"layout", {1, 2}}, {"zoom", 0.5}});
        m_project->setSetting("window", {{"layout", {3}}, {"zoom", 0.5}});
        QCOMPARE(m_project->setting("window")->at("layout").at(0).get<int>(), 3);
    }

    void removedRecordingTakesAllButItsFile()
    {
        const RecordingId id = m_project->add(importOne(m_file)).id;
        m_project->replaceTier(id, {"a", TierKind::label, {{{0}, {1}, "x"}}});
        m_project->removeRecording(id);
        QVERIFY(m_project->recordings().empty());
        for (const char *rows : {"devices", "streams", "source_files", "tiers", "annotations", "report_rows"}) {
            Statement count(m_project->database(), std::string("SELECT count(*) FROM ") + rows);
            count.step();
            QVERIFY2(count.integer(0) == 0, rows);
        }
        QVERIFY(fs::exists(m_file));
        QVERIFY(!fs::exists(m_project->cacheFolder() / "columns" / std::to_string(id)));
    }

    void anotherThreadWithItsOwnConnectionSeesTheChange()
    {
        const RecordingId id = m_project->add(importOne(m_file)).id;
        auto worker = std::async(std::launch::async, [&] {
            Project own = Project::open(m_project->folder());
            own.replaceTier(id, {"a", TierKind::label, {{{0}, {1}, "x"}}});
            return own.loadRecording(id).devices.at(0).streams.at(0).samples();
        });
        QCOMPARE(worker.get(), std::size_t{200});
        QCOMPARE(m_project->tiers(id).at(0).annotations.size(), std::size_t{1});
    }

    // 65 MB and one byte: over the limit. The full hash is compared with that of coreutils' sha256sum.
    void largeFileIsHashedByBlocksFirst()
    {
        const fs::path large = m_folder->write("data/large.bin", "head");
        fs::resize_file(large, (std::uintmax_t{65} << 20) + 1);
        Recording recording = importOne(m_file);
        recording.files.push_back(large);
        const RecordingId id = m_project->add(recording).id;
        const auto isLarge = [&](const FileIdentity &file) { return file.path.filename() == "large.bin"; };
        auto files = m_project->sourceFiles(id);
        QVERIFY(std::ranges::find_if(files, isLarge)->quickHash.starts_with("q"));
        QVERIFY(!std::ranges::find_if(files, isLarge)->sha256);
        m_project->completeHashes();
        files = m_project->sourceFiles(id);
        QProcess sha;
        sha.start("sha256sum", {QString::fromStdString(large.string())});
        QVERIFY(sha.waitForFinished());
        QCOMPARE(*std::ranges::find_if(files, isLarge)->sha256, sha.readAllStandardOutput().left(64).toStdString());
        {
            std::fstream stream(large, std::ios::in | std::ios::out | std::ios::binary);
            stream.seekp(std::streamoff{65} << 20);
            stream << "tail";
        }
        QCOMPARE(m_project->sourceState(id), SourceState::changed);
    }

    void checkNamesWhatIsWrong()
    {
        const RecordingId id = m_project->add(importOne(m_file)).id;
        const fs::path second = m_folder->write("more/run.csv", table(220));
        m_project->add(importOne(second));
        QVERIFY(checkProject(*m_project).rows.empty());
        fs::remove(second);
        m_folder->write("data/walk.csv", table(300));
        fs::remove_all(m_project->cacheFolder() / "columns" / std::to_string(id));
        const ProjectCheck check = checkProject(*m_project);
        const auto has = [&](const char *code) {
            return std::ranges::count_if(check.rows, [&](const CheckRow &row) { return row.code == code; });
        };
        QVERIFY(check.isDatabaseSound);
        QCOMPARE(check.recordings, std::size_t{2});
        QCOMPARE(has("missing-file"), 1);
        QCOMPARE(has("changed-file"), 1);
        QCOMPARE(has("stale-cache"), 1);
    }

    void checkFindsRowsThatBelongToNothing()
    {
        m_project->database().execute("PRAGMA foreign_keys = OFF; INSERT INTO tags (recording_id, tag) VALUES (99, 'x')");
        const ProjectCheck check = checkProject(*m_project);
        QVERIFY(!check.isDatabaseSound);
        QCOMPARE(check.rows.at(0).code, std::string("foreign-key"));
    }

    void viewsForNotebooksAnswer()
    {
        const RecordingId id = m_project->add(importOne(m_file)).id;
        m_project->replaceTier(id, {"activity", TierKind::label, {{{0}, {2'500'000'000}, "walk"}}});
        m_project->addTag(id, "pilot");
        Statement annotations(m_project->database(), "SELECT recording, tier, seconds, label FROM v_annotations");
        QVERIFY(annotations.step());
        QCOMPARE(annotations.text(0), std::string("walk"));
        QCOMPARE(annotations.real(2), 2.5);
        Statement streams(m_project->database(), "SELECT stream, samples FROM v_streams WHERE kind = 'gyroscope'");
        QVERIFY(streams.step());
        QCOMPARE(streams.integer(1), 200);
        Statement recordings(m_project->database(), "SELECT name, seconds, tags FROM v_recordings");
        QVERIFY(recordings.step());
        QVERIFY(std::abs(recordings.real(1) - 3.99) < 1e-9); // 0.00 … 0.99 and 3.00 … 3.99 s
        QCOMPARE(recordings.text(2), std::string("pilot"));
        for (const char *view : {"v_videos", "v_report"})
            Statement(m_project->database(), std::string("SELECT * FROM ") + view).step();
    }

    void networkFileSystemsAreKnown()
    {
        QVERIFY(!networkFileSystem(m_folder->path()));
        QCOMPARE(networkFileSystemName(0x6969).value_or(""), std::string("NFS")); // statfs(2)
        QVERIFY(!networkFileSystemName(0xef53));                                   // ext4
    }

    void namesThatAreNoUtf8AreKeptReadable()
    {
        Recording recording = importOne(m_file);
        recording.devices.at(0).name = "M\xfcller";
        const RecordingId id = m_project->add(recording).id;
        QCOMPARE(m_project->recording(id).recording.devices.at(0).name, std::string("M\xef\xbf\xbdller"));
        m_project->setDeviceClock(id, "M\xef\xbf\xbdller", {7, 0});
        QCOMPARE(m_project->loadRecording(id).devices.at(0).clock.offsetNs, 7);
    }

private:
    std::unique_ptr<test::TemporaryFolder> m_folder;
    std::unique_ptr<Project> m_project;
    fs::path m_file;
};

QTEST_GUILESS_MAIN(ProjectTest)
#include "project_test.moc"
