// The rule by which windows are cut, as a form: what can be said of it, with units, usual values and what each means.
// It knows no project and cuts nothing. GUI thread.
#pragma once

#include "core/data/windows/window_rule.h"
#include "widgets/timeline/label_colours.h"

#include <QWidget>

#include <set>
#include <vector>

class QCheckBox;
class QGridLayout;
class QLabel;
class QTreeWidget;
class QTreeWidgetItem;

namespace kino {

class ChipBar;
class ChoiceBox;
class NumberBox;

/** What a recording offers to a rule. */
struct RuleChoices {
    std::vector<std::string> devices;
    std::set<StreamKind> kinds;
    struct Tier {
        std::string name;
        TierKind kind = TierKind::label;
        std::set<std::string> labels;
    };
    std::vector<Tier> tiers;
    bool hasVideo = false;
};

RuleChoices choicesOf(const Recording &recording);

class RuleForm : public QWidget {
    Q_OBJECT

public:
    explicit RuleForm(QWidget *parent = nullptr);

    const WindowRule &rule() const { return m_rule; }
    /** Tells nobody. */
    void setRule(const WindowRule &rule);
    /** What the rule names stays in it, whether the recording has it or not. */
    void setChoices(RuleChoices choices);
    /** Colours that a person has chosen for labels. */
    void setLabelColours(const LabelColours &colours);
    /** What is wrong with the rule, in the form's own words; empty where it is sound. */
    QStringList problems() const;

    NumberBox &length() { return *m_length; }
    NumberBox &stride() { return *m_stride; }
    NumberBox &overlap() { return *m_overlap; }
    NumberBox &rate() { return *m_rate; }
    NumberBox &share() { return *m_share; }
    ChoiceBox &preset() { return *m_preset; }
    ChoiceBox &placement() { return *m_placement; }
    ChoiceBox &policy() { return *m_policy; }
    ChoiceBox &tier() { return *m_tier; }
    ChipBar &channels() { return *m_channels; }
    ChipBar &devices() { return *m_devices; }
    QTreeWidget &classes() { return *m_classes; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

Q_SIGNALS:
    /** By the person. */
    void ruleChanged();

private:
    void makeCut();
    void makeChannels();
    void makeLabels();
    void addTitle(const QString &text);
    void addRow(const QString &caption, std::initializer_list<QWidget *> fields, const QString &tip);
    void showRow(QWidget *field, bool shown);
    void show(const WindowRule &rule);
    void showChips();
    void showTiers();
    void showClasses();
    void showNeeded();
    void take();
    void takeClass(QTreeWidgetItem *item);
    /** The tier whose labels count; nullptr where the recording has none, or the rule must say which. */
    const RuleChoices::Tier *countedTier() const;
    /** Where the rule names none. */
    bool mayCount(const RuleChoices::Tier &tier) const;
    std::ptrdiff_t tiersThatCount() const;

    WindowRule m_rule;
    RuleChoices m_choices;
    LabelColours m_colours;
    bool m_isShowing = false;

    QGridLayout *m_grid;
    struct Row {
        QWidget *field; // the first of the row
        std::vector<QWidget *> all;
    };
    std::vector<Row> m_rows;
    ChoiceBox *m_preset;
    ChoiceBox *m_placement;
    NumberBox *m_length;
    NumberBox *m_stride;
    NumberBox *m_overlap;
    NumberBox *m_rate;
    QLabel *m_samples;
    ChoiceBox *m_origin;
    ChoiceBox *m_anchor;
    ChoiceBox *m_border;
    NumberBox *m_margin;
    QCheckBox *m_wholeSeconds;
    ChipBar *m_channels;
    ChipBar *m_devices;
    QCheckBox *m_joined;
    ChoiceBox *m_tier;
    QLabel *m_tierWanted;
    ChoiceBox *m_policy;
    NumberBox *m_share;
    ChoiceBox *m_unlabelled;
    QTreeWidget *m_classes;
};

} // namespace kino
