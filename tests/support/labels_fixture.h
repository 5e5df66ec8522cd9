// What tests of labelling share: a small project with labels, a copy of it for each test, and what hands do to labels.
#pragma once

#include "app/kinoscope/annotate/annotator.h"
#include "app/kinoscope/demo.h"
#include "app/kinoscope/inspect/inspect_page.h"
#include "app/kinoscope/inspect/timeline_panel.h"
#include "core/data/annotations/annotation_edits.h"
#include "core/data/annotations/tier_import.h"
#include "tests/support/window_fixture.h"
#include "widgets/timeline/tier_editor.h"

namespace kino::test {

/** As WindowFixture, which it adds the project to. */
class LabelsFixture : public WindowFixture {
public:
    /** The demo project, made once a program: two people of 24 s with a small video. */
    static const std::filesystem::path &source()
    {
        static const std::filesystem::path project = [] {
            SimulatorOptions options;
            options.subjects = 2;
            options.minutes = 0.4;
            options.activities = {SimulatedActivity::walk, SimulatedActivity::stand};
            options.video = SimulatedVideo{.width = 96, .height = 64, .rateHz = 15};
            return ensureDemoProject(demoFolder(), {}, {}, options);
        }();
        return project;
    }
    static std::filesystem::path demoFolder()
    {
        static const TemporaryFolder folder;
        return folder / "demo";
    }

    /** A window with a project of its own. */
    void openLabels()
    {
        openWindow();
        m_project = *m_folder / "Labels.kino";
        std::filesystem::copy(source(), m_project, std::filesystem::copy_options::recursive);
        m_window->openPaths({m_project});
        QTRY_VERIFY_WITH_TIMEOUT(m_window->session().recording() && annotator().state() == LabelsState::ready && m_window->isSettled(), 30'000);
    }

    Annotator &annotator() { return m_window->annotator(); }
    TimelineView &timeline() { return m_window->inspect().timeline().view(); }

    /** A tier of one's own, current. */
    TierId makeTier(const char *name)
    {
        const auto edit = annotator().perform([name](const AnnotationSet &set, AnnotationIds &ids) { return addTier(set, ids, name, TierKind::label); });
        annotator().setCurrentTier(edit->tiers.front().id());
        return edit->tiers.front().id();
    }
    /** As one edit on the GUI thread. */
    Annotator::SharedEdit importTiersOf(const std::vector<AnnotationTier> &tiers)
    {
        return annotator().perform([&](const AnnotationSet &set, AnnotationIds &ids) { return importTiers(set, ids, {tiers, {}, true}, {}, ImportedTier::keepBoth, "import"); });
    }
    std::vector<Annotation> annotationsOf(const char *tier) const
    {
        for (const AnnotationTier &each : m_window->session().recording()->tiers) {
            if (each.name == tier)
                return each.annotations;
        }
        return {};
    }
    /** As the project has them. */
    std::vector<StoredTier> stored() const { return Project::open(m_project).tiers(*m_window->library().storedIdOf(m_window->session().open().id)); }

    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        // No window manager is here to do it when a dialog has gone.
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        QTest::keyClick(m_window.get(), key, modifiers);
    }
    QPoint placeOn(const char *tier, RecordingTime time)
    {
        const TimelineLayout layout = timeline().layoutNow();
        for (const TimelineRow &row : layout.rows) {
            if (row.kind == TimelineRowKind::tier && timeline().content().tiers[row.index]->name == QLatin1String(tier))
                return {static_cast<int>(std::lround(timeline().axis().xOf(time))), row.rect.center().y()};
        }
        return {};
    }
    void drag(QPoint from, QPoint to, Qt::KeyboardModifiers modifiers = Qt::AltModifier)
    {
        // Keys that come with a move are those that are held: tests give them with the events.
        const auto send = [&](QEvent::Type type, QPoint at, Qt::MouseButton button, Qt::MouseButtons held) {
            QMouseEvent event(type, at, timeline().mapToGlobal(at), button, held, modifiers);
            QApplication::sendEvent(&timeline(), &event);
        };
        send(QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
        for (int step = 1; step <= 4; ++step)
            send(QEvent::MouseMove, from + (to - from) * step / 4, Qt::NoButton, Qt::LeftButton);
        send(QEvent::MouseButtonRelease, to, Qt::LeftButton, Qt::NoButton);
    }

protected:
    std::filesystem::path m_project;
};

} // namespace kino::test
