#include "core/learn/objectives.h"

#include "core/learn/objective_infos.h"
#include "core/learn/objectives/aligned.h"
#include "core/learn/objectives/moco.h"
#include "core/learn/objectives/multitask.h"
#include "core/learn/objectives/primus.h"
#include "core/learn/objectives/simclr.h"
#include "core/learn/objectives/supervised.h"

namespace kino {

std::shared_ptr<Objective> makeObjective(const ObjectiveSetup &setup)
{
    requireNoProblems(objectiveOptionProblems(objectiveInfo(setup.name), setup.options));
    std::shared_ptr<Objective> made;
    if (setup.name == "supervised")
        made = std::make_shared<SupervisedObjective>(setup);
    else if (setup.name == "simclr")
        made = std::make_shared<SimclrObjective>(setup);
    else if (setup.name == "multitask")
        made = std::make_shared<MultitaskObjective>(setup);
    else if (setup.name == "moco")
        made = std::make_shared<MocoObjective>(setup);
    else if (setup.name == "primus")
        made = std::make_shared<PrimusObjective>(setup);
    else if (setup.name == "contrast")
        made = std::make_shared<ContrastObjective>(setup);
    else
        made = std::make_shared<TripletObjective>(setup);
    made->train();
    return made;
}

} // namespace kino
